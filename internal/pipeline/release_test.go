package pipeline

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/run"
)

// The way back of a run is that of its own release, wherever its file lies; a run
// of another target has the newest, and one of occbench's own server none.
func TestWayBack(t *testing.T) {
	t.Chdir(t.TempDir())
	const newest = "releases/20300115_081500-1.6.0.json"
	if err := os.Mkdir(release.DefaultDir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(newest, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name     string
		manifest run.Manifest
		summary  *release.Summary
		want     string
		undone   bool
	}{
		{"its own release", run.Manifest{}, &release.Summary{Format: release.Format, File: "elsewhere/20300114_081500-1.5.0.json"}, "elsewhere/20300114_081500-1.5.0.json", false},
		{"its own release, which has gone back", run.Manifest{}, &release.Summary{Format: release.Format, File: "20300114_081500-1.5.0.json", State: release.StateRolledBack}, "20300114_081500-1.5.0.json", true},
		{"another target", run.Manifest{}, nil, filepath.FromSlash(newest), false},
		{"occbench's own server", run.Manifest{Spec: run.Spec{Store: "sqlite"}}, nil, "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := &evidence.Evidence{Manifest: &test.manifest, Release: test.summary}
			if got, undone, err := findWayBack(e); err != nil || got != test.want || undone != test.undone {
				t.Errorf("%q, undone %t, %v; want %q, %t", got, undone, err, test.want, test.undone)
			}
		})
	}
}
