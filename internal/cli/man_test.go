package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// request is a line of roff that is not text; these are all that the pages use.
var request = regexp.MustCompile(`^\.(TH|SH|TP|PP|RS|RE|nf|fi|B)( .*)?$`)

func TestManualPages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "man")
	if got := invoke(t, nil, "man", dir); got.code != ExitOK || got.stdout+got.stderr != "" {
		t.Fatalf("%+v", got)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.1"))
	if err != nil || len(pages) < 15 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, path := range pages {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, section := range []string{".TH", ".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION"} {
			if !strings.Contains(string(text), section) {
				t.Errorf("%s has no %s", path, section)
			}
		}
		open := 0
		for i, line := range strings.Split(string(text), "\n") {
			if (strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'")) && !request.MatchString(line) {
				t.Errorf("%s:%d: %q is a request to roff", path, i+1, line)
			}
			switch line {
			case ".nf":
				open++
			case ".fi":
				open--
			}
		}
		if open != 0 {
			t.Errorf("%s: %d examples are not closed", path, open)
		}
	}
	validate := read(t, filepath.Join(dir, "occbench-validate.1"))
	for _, want := range []string{`.TP` + "\n" + `\fB\-\-target\fR \fIURL\fR`, `occbench validate \-\-fault lost\-update`, "(default 20)", `occbench v1.2.3`} {
		if !strings.Contains(validate, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

// groff, where it is installed, has nothing to complain about.
func TestManualPagesFormat(t *testing.T) {
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("groff is not installed")
	}
	dir := t.TempDir()
	if got := invoke(t, nil, "man", dir); got.code != ExitOK {
		t.Fatalf("%+v", got)
	}
	cmd := exec.Command(groff, "-man", "-ww", "-Tutf8", filepath.Join(dir, "occbench-validate.1"))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil || stderr.Len() > 0 || !strings.Contains(string(text), "occbench validate") {
		t.Errorf("%v\n%s", err, stderr.String())
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
