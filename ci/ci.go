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

// Files returns the files of one kind of CI, with what they install filled in: a
// release, which is downloaded, or a commit or branch, which is built.
func Files(kind, pin string) ([]File, error) {
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
			all = append(all, File{s.path, s.mode, []byte(fillPlaceholders(string(text), pin))})
		}
		return all, nil
	}
	return nil, fmt.Errorf("%q is not one of %s", kind, strings.Join(Kinds(), ", "))
}

// placeholder is the release that the embedded files name. It is one that never
// was, so that each of them is valid as it lies there.
const placeholder = "v0.0.0"

var (
	release = regexp.MustCompile(`^v\d+\.\d+\.\d+$`)
	commit  = regexp.MustCompile(`^[0-9a-f]{40}$`)
	ref     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]*$`)
)

// Pin returns what never changes and is the program of a version: its release, or the
// commit that it was built from. ok is false where there is neither.
func Pin(version, revision string, modified bool) (pin string, ok bool) {
	switch {
	case release.MatchString(version):
		return version, true
	case commit.MatchString(revision) && !modified:
		return revision, true
	}
	return "", false
}

// CheckPin refuses what is no name of a release, commit or branch, and reports
// whether it is one that moves.
func CheckPin(pin string) (moves bool, err error) {
	if !ref.MatchString(pin) {
		return false, fmt.Errorf("%q is not the name of a release, commit or branch, such as v1.2.3", pin)
	}
	return !release.MatchString(pin) && !commit.MatchString(pin), nil
}

// fillPlaceholders returns a text with the pin in its placeholders. Only releases can be
// downloaded; the action builds anything else from its own checkout.
func fillPlaceholders(text, pin string) string {
	if !release.MatchString(pin) {
		text = strings.ReplaceAll(text, "occbench@"+placeholder, "occbench@"+pin)
		text = strings.ReplaceAll(text, "version: "+placeholder, "version: ''")
	}
	return strings.ReplaceAll(text, placeholder, pin)
}
