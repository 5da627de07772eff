// Package ci holds what a project's continuous integration needs to gate on
// occbench: a workflow, a pipeline and a script for each kind, as files that
// their own linters read and that `occbench init` writes.
//
// Its opinion: a CI has no logic of its own. The exit code decides, the run
// directory is kept whatever it says, and JUnit carries the reasons.
package ci

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

//go:embed github.yml gitlab.yml Jenkinsfile gate.sh
var files embed.FS

// File is one file to write into a project.
type File struct {
	Path string      // in the project, with slashes
	Mode fs.FileMode // scripts can be executed
	Data []byte
}

// source says which embedded file goes where.
type source struct {
	name, path string
	mode       fs.FileMode
}

var (
	script = source{"gate.sh", "occbench-ci.sh", 0o755}
	kinds  = []struct {
		name    string
		sources []source
	}{
		{"github", []source{{"github.yml", ".github/workflows/occbench.yml", 0o644}}},
		{"gitlab", []source{{"gitlab.yml", "occbench.gitlab-ci.yml", 0o644}, script}},
		{"jenkins", []source{{"Jenkinsfile", "Jenkinsfile", 0o644}, script}},
		{"shell", []source{script}},
	}
)

// Kinds returns the kinds of CI there are files for.
func Kinds() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

// Files returns the files of one kind of CI, with the release that they install
// filled in. A version that is no release, of a build from a checkout, leaves
// GitHub's workflow at the main branch and the script without a version.
func Files(kind, version string) ([]File, error) {
	for _, k := range kinds {
		if k.name != kind {
			continue
		}
		var all []File
		for _, s := range k.sources {
			text, err := files.ReadFile(s.name)
			if err != nil {
				return nil, fmt.Errorf("reading the template %s: %w", s.name, err)
			}
			all = append(all, File{s.path, s.mode, []byte(pinned(string(text), version))})
		}
		return all, nil
	}
	return nil, fmt.Errorf("%q is not one of %s", kind, strings.Join(Kinds(), ", "))
}

// placeholder is the release that the embedded files name. It is one that never
// was, so that each of them is valid as it lies there.
const placeholder = "v0.0.0"

var release = regexp.MustCompile(`^v\d+\.\d+\.\d+$`)

// pinned fills a release in.
func pinned(text, version string) string {
	if release.MatchString(version) {
		return strings.ReplaceAll(text, placeholder, version)
	}
	text = strings.ReplaceAll(text, "occbench@"+placeholder, "occbench@main")
	return strings.ReplaceAll(text, placeholder, "''")
}
