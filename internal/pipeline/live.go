package pipeline

import (
	"context"
	"sync"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/watch"
	"github.com/occbench/occbench/reports/view"
)

// updateSnapshot changes the snapshot of the work, and shows it when there is
// a display.
func (p *Pipeline) updateSnapshot(change func(*live.Snapshot)) {
	change(&p.shot)
	if p.Live != nil {
		p.Live.Show(p.shot)
	}
}

// enterStage shows the stage that begins.
func (p *Pipeline) enterStage(s live.Stage) {
	p.updateSnapshot(func(shot *live.Snapshot) { shot.Stage = s })
}

// showTime shows how the time of a load goes by that nothing else follows, from begin to
// end. Nothing else may be shown until then.
func (p *Pipeline) showTime(ctx context.Context) (begin, end func()) {
	begun, over, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-begun:
		case <-over:
			return
		}
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for start := p.Now(); ; {
			select {
			case <-over:
				return
			case <-tick.C:
			}
			p.updateSnapshot(func(shot *live.Snapshot) {
				if shot.Elapsed = p.Now().Sub(start); ctx.Err() != nil {
					shot.Ending = live.Interrupted
				}
			})
		}
	}()
	return sync.OnceFunc(func() { close(begun) }), func() { close(over); <-done }
}

// showVerdict shows the verdict on every gate, and what the whole recording
// proves.
func (p *Pipeline) showVerdict(run *view.Run, proven []gate.Proven) {
	p.updateSnapshot(func(shot *live.Snapshot) {
		shot.Stage, shot.Gates, shot.Ending = live.Ready, nil, ""
		if n := run.Numbers; n != nil && shot.Generators > 1 { // nothing was counted while they went on
			watch.FillSnapshot(shot, n)
			shot.Elapsed = shot.Total
		}
		for _, g := range run.Verdict.Gates {
			shot.Gates = append(shot.Gates, live.Gate{Gate: g, Decided: g.Verdict})
		}
		if c := run.Verdict.Contention; c != nil {
			shot.Replayed = &live.Replay{Attempts: c.Attempts, Refused: view.CountConflicts(c.Observed, c),
				Correct: view.CountConflicts(c.Predicted, c)}
		}
		if run.Anomalies == nil {
			return
		}
		shot.Anomalies, shot.Looked = nil, run.Anomalies.Judged
		for i := range run.Anomalies.Anomalies {
			shot.Anomalies = append(shot.Anomalies, live.NewAnomaly(&run.Anomalies.Anomalies[i]))
		}
		for _, d := range proven {
			shot.Anomalies = append(shot.Anomalies, live.Anomaly{ID: d.ID, Title: "proven by the probe", Count: 1})
		}
	})
}
