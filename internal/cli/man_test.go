package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/exit"
)

func TestManualPages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "man")
	if got := invoke(t, nil, "man", dir); got.code != exit.OK || got.stdout+got.stderr != "" {
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
	}
	validate := read(t, filepath.Join(dir, "occbench-validate.1"))
	for _, want := range []string{"--target", "occbench validate --fault lost-update", "occbench v1.2.3", "occbench(1)"} {
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
	if got := invoke(t, nil, "man", dir); got.code != exit.OK {
		t.Fatalf("%+v", got)
	}
	cmd := exec.Command(groff, "-Kutf8", "-man", "-ww", "-Tutf8", filepath.Join(dir, "occbench-validate.1"))
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
