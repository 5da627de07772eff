package check

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/occbench/occbench/internal/history"
)

// TestHostileVersions feeds answers of a server that would like the checker to
// run out of memory, to overflow or to panic.
func TestHostileVersions(t *testing.T) {
	tests := []struct {
		name    string
		version func(*rand.Rand) int64
	}{
		{"random", func(r *rand.Rand) int64 { return r.Int64() }},
		{"huge", func(r *rand.Rand) int64 { return math.MaxInt64 - r.Int64N(3) }},
		{"at half the limit", func(r *rand.Rand) int64 { return 1<<62 + r.Int64N(4) }},
		{"far apart", func(r *rand.Rand) int64 { return r.Int64N(1<<20) << 39 }},
		{"none", func(*rand.Rand) int64 { return history.None }},
	}
	outcomes := []history.Outcome{history.Applied, history.Conflict, history.Rejected, history.NoAnswer, history.ServerError, history.Malformed}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			var ops []history.Op
			for i := range 25_000 {
				o := history.New()
				o.Record, o.Operator, o.Attempt, o.HTTP = "17", int32(r.Uint32()), 1, 422
				o.Start, o.End = int64(10*i), int64(10*i+r.IntN(30))
				o.Kind, o.Outcome, o.Token, o.State = history.Read, history.Seen, tt.version(r), "ready"
				if i%2 == 0 {
					o.Kind, o.Expected, o.Target = history.Update, tt.version(r), "\x00"
					o.Outcome = outcomes[r.IntN(len(outcomes))]
				}
				ops = append(ops, o)
			}
			for _, options := range []Options{{API: shop}, {API: shop, Excerpt: true}, {API: shop, Excerpt: true, Shared: true}, {}} {
				c := New(options)
				for i := range ops {
					c.Add(&ops[i], i+2)
				}
				if report := c.Finish(); report.Operations != int64(len(ops)) || report.Foreign < 0 {
					t.Errorf("%d operations and %d foreign moves", report.Operations, report.Foreign)
				}
				if n := len(c.record("17").pages); n > maxIslands*2 {
					t.Errorf("%d pages are kept, want at most %d", n, maxIslands*2)
				}
			}
			proofs := History(ops[:500], nil, Options{API: shop, Excerpt: true})
			for i := range proofs.Anomalies {
				if len(proofs.Anomalies[i].Operations) == 0 {
					t.Errorf("%s has no proof", proofs.Anomalies[i].ID)
				}
			}
		})
	}
}
