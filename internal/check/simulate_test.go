package check

import (
	"slices"
	"testing"
)

// TestCorrectServers holds the checker to its first duty: a correct server is
// never accused, whatever the network does.
func TestCorrectServers(t *testing.T) {
	runs := 1_000
	if fuzzCheck(t) > 0 {
		runs = 10_000
	}
	var operations, unproven int64
	for seed := range uint64(runs) {
		ops := simulate(seed, "")
		for _, options := range []Options{{API: shop}, {API: shop, Shared: true}, {API: shop, fold: 1}, {}} {
			report := History(ops, nil, options)
			if report.Updates == 0 {
				continue // nothing happened in time
			}
			if !report.Judged {
				t.Fatalf("seed %d is not judged: %v", seed, report.Why)
			}
			if len(report.Anomalies) > 0 {
				t.Fatalf("seed %d, %+v: %v\n%s", seed, options, spell(report.Anomalies), csv(ops))
			}
			if report.Foreign > 0 {
				t.Fatalf("seed %d: %d foreign updates of records that are not shared", seed, report.Foreign)
			}
			operations, unproven = operations+report.Operations, unproven+report.Unproven
		}
	}
	t.Logf("%d runs, %d operations, %d of them unproven", runs, operations/3, unproven/3)
}

// simulated are the faults and the invariants under which each must be found
// in nearly every run that gives it a chance.
var simulated = []struct {
	fault string
	found []ID
}{
	{"lost-update", []ID{OCC01}},
	{"check-then-act", []ID{OCC01}},
	{"retry-on-conflict", []ID{OCC01, OCC02}},
	{"no-increment", []ID{OCC01, OCC02}},
	{"double-increment", []ID{OCC02}},
	{"version-skew", []ID{OCC02}},
	{"phantom-success", []ID{OCC03}},
	{"ack-then-rollback", []ID{OCC03}},
	{"phantom-failure", []ID{OCC11}},
	{"dirty-refusal", []ID{OCC04}},
	{"spurious-conflict", []ID{OCC05}},
	{"masked-conflict", []ID{OCC06}},
	{"stale-board", []ID{OCC07}},
	{"version-reset", []ID{OCC08}},
	{"torn-status", []ID{OCC09}},
	{"illegal-transition", []ID{OCC10}},
	{"unversioned-writer", []ID{OCC09}},
	{"foreign-writer", []ID{OCC08}},
	{"double-apply", []ID{OCC08}},
	{"malformed-answer", []ID{OCC12}},
}

func TestFaultyServers(t *testing.T) {
	runs := 20
	if fuzzCheck(t) > 0 {
		runs = 400
	}
	for _, tt := range simulated {
		t.Run(tt.fault, func(t *testing.T) {
			caught, also := 0, make(map[ID]int)
			for seed := range uint64(runs) {
				report := History(simulate(seed, tt.fault), nil, Options{API: shop})
				proven(t, &report)
				hit := false
				for i := range report.Anomalies {
					id := report.Anomalies[i].ID
					also[id]++
					hit = hit || slices.Contains(tt.found, id)
				}
				if hit {
					caught++
				}
			}
			t.Logf("found in %d of %d runs: %v", caught, runs, also)
			if caught < runs/2 {
				t.Errorf("found in %d of %d runs, want most", caught, runs)
			}
		})
	}
}
