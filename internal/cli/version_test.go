package cli

import (
	"encoding/json"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVersionAsJSON(t *testing.T) {
	got := invoke(t, nil, "version", "--json")
	var facts buildFacts
	if err := json.Unmarshal([]byte(got.stdout), &facts); err != nil {
		t.Fatal(err)
	}
	if facts.Version != "v1.2.3" || facts.Go != runtime.Version() || facts.System != runtime.GOOS+"/"+runtime.GOARCH {
		t.Errorf("%+v", facts)
	}
	if facts.Extension.Name != "k6/x/occ" || facts.Extension.Version != "v1.2.3" || facts.K6 == "" {
		t.Errorf("%+v", facts)
	}
}

func TestSourceFacts(t *testing.T) {
	info := &debug.BuildInfo{
		Main: debug.Module{Path: "github.com/occbench/occbench"},
		Settings: []debug.BuildSetting{
			{Key: "CGO_ENABLED", Value: "1"},
			{Key: "vcs.revision", Value: "8f3a"},
			{Key: "vcs.time", Value: "2026-03-31T23:30:00Z"},
			{Key: "vcs.modified", Value: "true"},
		},
	}
	want := sourceFacts{Module: "github.com/occbench/occbench", Revision: "8f3a", Time: "2026-03-31T23:30:00Z", Modified: true, CGO: true}
	if diff := cmp.Diff(want, readSource(info)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
