package probe_test

import (
	"context"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/probe"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/fault"
)

// named are the faults that strike every request whatever the timing, and a line
// that shows each.
var named = map[string]string{
	"lost-update":       "stale_move",
	"retry-on-conflict": "stale_move",
	"check-then-act":    "race",
	"masked-conflict":   "stale_move",
}

// proven are the faults that the probe proves on its own, and the invariant that
// each breaks.
var proven = map[string]check.ID{
	"lost-update":       check.OCC01,
	"retry-on-conflict": check.OCC01,
	"check-then-act":    check.OCC01,
	"no-increment":      check.OCC02,
	"masked-conflict":   check.OCC06,
	"future-version":    check.OCC02,
	"id-alias":          check.OCC08,
	"unversioned-edit":  check.OCC09,
}

// TestBrokenServersAreTargets probes the reference server with each of its
// faults. What a fault breaks is for a run to prove, so the probe may name it
// and must not turn the server away.
func TestBrokenServersAreTargets(t *testing.T) {
	for _, f := range fault.List() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			target := broken(t, f.Name)
			fill(t, target)
			r := ask(t, target, func(o *probe.Options) { o.Timeout = 2 * time.Second })
			if r.Err() != nil {
				t.Errorf("the target is turned away: %v", r.Err())
			}
			has := func(id check.ID) bool {
				return slices.ContainsFunc(r.Defects, func(d probe.Defect) bool { return d.ID == id && d.Sentence != "" && len(d.Proof) > 0 })
			}
			want := proven[f.Name]
			if want != 0 && !has(want) {
				t.Errorf("%s is not proven: %+v", want, r.Defects)
			}
			if f.Question != "" && line(t, r, f.Question).State != probe.Differs {
				t.Errorf("%s is not called different:\n%s", f.Question, details(r))
			}
			if f.Invariant == "" && want == 0 && len(r.Defects) > 0 {
				t.Errorf("a server that keeps every invariant is accused: %+v", r.Defects)
			}
			if f.Name == "check-then-act" && (len(r.Races) != 1 || r.Races[0].Lost < r.Races[0].Played/2) {
				t.Errorf("the races find too little: %+v", r.Races)
			}
			if want := named[f.Name]; want != "" && line(t, r, want).State != probe.Differs {
				t.Errorf("%s is not called different:\n%s", want, details(r))
			}
		})
	}
}

func broken(t *testing.T, spec string) string {
	t.Helper()
	faults, err := fault.Parse(spec, fault.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	store, err := refserver.OpenStore(context.Background(), "sqlite", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	server, err := refserver.New(refserver.Options{Store: store, Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server.Handler())
	t.Cleanup(listening.Close)
	return listening.URL
}
