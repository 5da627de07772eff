package generator

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/occbench/occbench/internal/run"
)

func TestManifest(t *testing.T) {
	dir := t.TempDir()
	spec := run.Default(time.Now)
	spec.Target, spec.Operators, spec.RandSeed = "http://127.0.0.1:8080", 8, 1<<63+1
	want := Manifest{
		Format: run.Format, Run: "r", Name: "1", Segment: "0:1/2", Sequence: "0,1/2,1", Spec: spec,
		Base: time.Unix(7, 9).UTC(), Start: time.Unix(7, 9).UTC(), Monotonic: 5, Boot: "b", State: run.Complete,
		Sums: map[string]string{"history.csv": "00"},
	}
	if err := Write(dir, want); err != nil {
		t.Fatal(err)
	}
	got, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got.Spec.Operators != 8 || got.Spec.RandSeed != spec.RandSeed || got.Spec.Target != spec.Target {
		t.Errorf("the spec that was read is %+v", got.Spec)
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Manifest{}, "Spec")); diff != "" {
		t.Errorf("reading what was written (-want +got):\n%s", diff)
	}
}

func TestReadRefuses(t *testing.T) {
	for text, words := range map[string]string{
		`{"format": 9}`:             "of format 9",
		`{"format": 3, "run": "r"}`: "not the manifest of a generator",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, ManifestFile), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("reading %s: %v, want %q", text, err, words)
		}
	}
}
