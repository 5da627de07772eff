package probe_test

import (
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/probe"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/fault"
	"github.com/occbench/occbench/reference-server/refservertest"
	"github.com/occbench/occbench/seed"
)

// named are the faults that strike every request whatever the timing, and a line
// that shows each.
var named = map[string]string{
	"lost-update":       "stale_update",
	"retry-on-conflict": "stale_update",
	"check-then-act":    "race",
	"masked-conflict":   "stale_update",
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

// namedOfItems are such faults in the API of items.
var namedOfItems = map[string]string{
	"lost-update":        "stale_update",
	"retry-on-conflict":  "stale_update",
	"check-then-act":     "race",
	"masked-conflict":    "stale_update",
	"no-increment":       "token_changes",
	"weak-tag":           "weak_tag",
	"token-reuse":        "one_tick",
	"no-token-in-answer": "update",
}

// provenOfItems are the faults that the probe proves on its own in that API.
var provenOfItems = map[string]check.ID{
	"lost-update":       check.OCC01,
	"retry-on-conflict": check.OCC01,
	"check-then-act":    check.OCC01,
	"foreign-tag":       check.OCC01,
	"token-reuse":       check.OCC01,

	"no-token-in-answer": check.OCC12, // the API file promises one
}

// TestBrokenServersOfItems probes the reference server with each of its faults in the
// API of items.
func TestBrokenServersOfItems(t *testing.T) {
	by, err := api.Load("etag")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fault.List("etag") {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			target := client.Config{API: by, Target: brokenItems(t, f.Name)}
			if _, err := seed.SeedOverHTTP(t.Context(), target, seed.Options{}); err != nil {
				t.Fatal(err)
			}
			r, err := probe.Run(t.Context(), probe.Options{Target: target, Timeout: 2 * time.Second, Rounds: 8})
			if err != nil || r.Err() != nil {
				t.Fatalf("the target is turned away: %v %v", err, r.Err())
			}
			if want := provenOfItems[f.Name]; want != 0 && !slices.ContainsFunc(r.Defects, func(d probe.Defect) bool { return d.ID == want }) {
				t.Errorf("%s is not proven: %+v", want, r.Defects)
			}
			if f.Invariant == "" && provenOfItems[f.Name] == 0 && len(r.Defects) > 0 {
				t.Errorf("a server that keeps every invariant is accused: %+v", r.Defects)
			}
			for _, want := range []string{f.Question, namedOfItems[f.Name]} {
				if want != "" && line(t, r, want).State != probe.Differs && line(t, r, want).State != probe.Noted {
					t.Errorf("%s is not called different:\n%s", want, details(r))
				}
			}
		})
	}
}

func brokenItems(t *testing.T, spec string) string {
	t.Helper()
	faults, err := fault.Parse(spec, fault.Options{Seed: 1, API: "etag"})
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, refserver.Options{API: "etag", Faults: faults})
}

// TestBrokenServersAreTargets probes the reference server with each of its
// faults. What a fault breaks is for a run to prove, so the probe may name it
// and must not turn the server away.
func TestBrokenServersAreTargets(t *testing.T) {
	for _, f := range fault.List("appointments") {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			target := broken(t, f.Name)
			fill(t, target)
			r := ask(t, target, briefly, func(o *probe.Options) { o.Timeout = 2 * time.Second })
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
	return serve(t, refserver.Options{Faults: faults})
}

func serve(t *testing.T, o refserver.Options) string {
	t.Helper()
	listening := httptest.NewServer(refservertest.New(t, o).Handler())
	t.Cleanup(listening.Close)
	return listening.URL
}
