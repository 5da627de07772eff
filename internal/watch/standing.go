package watch

import (
	"slices"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/measure"
)

// FillSnapshot fills a snapshot with the numbers so far.
func FillSnapshot(shot *live.Snapshot, n *measure.Numbers) {
	shot.Attempts, shot.PerSecond, shot.WarmAttempts = n.Attempts, n.AttemptsPerS, 0
	for _, attempts := range n.Warmup {
		shot.WarmAttempts += attempts
	}
	shot.Conflicts, shot.Decided, shot.Errors = n.ConflictRate.Hits, n.ConflictRate.N, n.ErrorRate.Hits
	shot.P95MS, shot.Unanswered = n.Latency.P95MS, n.Latency.P95MS == nil && n.Latency.Unanswered > 0
}

// publishNumbers shows what a look came to.
func (w *Watcher) publishNumbers(n measure.Numbers, v gate.Verdict) {
	if !w.Shown {
		return
	}
	w.Show(func(shot *live.Snapshot) {
		FillSnapshot(shot, &n)
		shot.Elapsed, shot.Gates = w.elapsed(), w.listGates(v)
		shot.Anomalies, shot.Looked = w.found, w.moment > 0
	})
}

// listGates says of every gate whether it is decided. Anomalies are decided by a
// proof alone: that there is none so far says nothing about the next call.
func (w *Watcher) listGates(v gate.Verdict) []live.Gate {
	all := make([]live.Gate, 0, len(v.Gates))
	for _, g := range v.Gates {
		one := live.Gate{Gate: g}
		if i := slices.IndexFunc(w.decisions, func(d gate.Decision) bool { return d.Gate == g.Name }); i >= 0 {
			one.Decided, one.AfterS = w.decisions[i].Verdict, w.decisions[i].AfterS
		}
		if g.Name == gate.AnomalyCount && w.first != "" {
			one.Decided = gate.Fail
		}
		all = append(all, one)
	}
	return all
}
