package pipeline

import (
	"slices"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/reports"
)

// show shows what has changed to whoever watches.
func (p *Pipeline) show(change func(*live.Snapshot)) {
	change(&p.shot)
	if p.Live != nil {
		p.Live.Show(p.shot)
	}
}

// enter shows the stage that begins.
func (p *Pipeline) enter(s live.Stage) { p.show(func(shot *live.Snapshot) { shot.Stage = s }) }

// conclude shows the verdict on every gate, and what the whole recording proves.
func (p *Pipeline) conclude(run *reports.Run, proven []gate.Proven) {
	p.show(func(shot *live.Snapshot) {
		shot.Stage, shot.Gates = live.Ready, nil
		for _, g := range run.Verdict.Gates {
			shot.Gates = append(shot.Gates, live.Gate{Gate: g, Decided: g.Verdict})
		}
		if run.Findings == nil {
			return
		}
		shot.Anomalies, shot.Looked = nil, run.Findings.Judged
		for i := range run.Findings.Anomalies {
			shot.Anomalies = append(shot.Anomalies, anomaly(&run.Findings.Anomalies[i]))
		}
		for _, d := range proven {
			shot.Anomalies = append(shot.Anomalies, live.Anomaly{ID: d.ID, Title: "proven by the probe", Count: 1})
		}
	})
}

func anomaly(f *check.Anomaly) live.Anomaly {
	return live.Anomaly{ID: f.ID.String(), Title: f.Title, Count: int(f.Count)}
}

// counted fills a snapshot with the numbers so far.
func counted(shot *live.Snapshot, n *measure.Numbers) {
	shot.Moves, shot.PerSecond, shot.WarmMoves = n.Attempts, n.AttemptsPerS, 0
	for _, moves := range n.Warmup {
		shot.WarmMoves += moves
	}
	shot.Conflicts, shot.Decided, shot.Errors = n.ConflictRate.Hits, n.ConflictRate.N, n.ErrorRate.Hits
	shot.P95MS, shot.Unanswered = n.Latency.P95MS, n.Latency.P95MS == nil && n.Latency.Unanswered > 0
}

// publishNumbers shows what a look came to.
func (w *watcher) publishNumbers(n measure.Numbers, v gate.Verdict) {
	if !w.shown {
		return
	}
	w.show(func(shot *live.Snapshot) {
		counted(shot, &n)
		shot.Elapsed, shot.Gates = w.elapsed(), w.standing(v)
		shot.Anomalies, shot.Looked = w.proof.found, w.proof.judged > 0
	})
}

// standing says of every gate whether it is decided. Anomalies are decided by a
// proof alone: that there is none so far says nothing about the next call.
func (w *watcher) standing(v gate.Verdict) []live.Gate {
	all := make([]live.Gate, 0, len(v.Gates))
	for _, g := range v.Gates {
		one := live.Gate{Gate: g}
		if i := slices.IndexFunc(w.decisions, func(d gate.Decision) bool { return d.Gate == g.Name }); i >= 0 {
			one.Decided = w.decisions[i].Verdict
		}
		if g.Name == gate.AnomalyCount && w.proof.first != "" {
			one.Decided = gate.Fail
		}
		all = append(all, one)
	}
	return all
}
