package api

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/occbench/occbench/apis"
	"github.com/occbench/occbench/internal/limit"
)

// ending is how the files of the binary are called.
const ending = ".yaml"

// Load compiles an API file: one that comes with the binary, by its name, or a
// file, by a path that holds a slash or ends in .yaml or .yml.
func Load(name string) (*API, error) {
	text, err := Source(name)
	if err != nil {
		return nil, err
	}
	return Compile(name, text)
}

// maxFile bounds the size of an API file in bytes.
const maxFile = 1 << 20

// Source returns the text of an API file, by the rules of Load.
func Source(name string) ([]byte, error) {
	if strings.ContainsAny(name, `/\`) || path.Ext(name) == ending || path.Ext(name) == ".yml" {
		text, err := limit.ReadFile(name, maxFile)
		if err != nil {
			return nil, fmt.Errorf("reading API file %s: %w", name, err)
		}
		return text, nil
	}
	text, err := apis.Files.ReadFile(name + ending)
	if err != nil {
		return nil, fmt.Errorf(
			"reading API %q: there is no API of that name%s; a file is given by its path, such as ./%s.yaml",
			name,
			suggestName(name, Names()),
			name,
		)
	}
	return text, nil
}

// Names returns the names of the APIs that come with the binary.
func Names() []string {
	// An embedded directory can always be read.
	files, _ := fs.Glob(apis.Files, "*"+ending)
	for i := range files {
		files[i] = strings.TrimSuffix(files[i], ending)
	}
	return files
}
