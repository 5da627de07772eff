package pipeline

import (
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/reports/view"
)

// show changes what is known of the work, and shows it where it is shown.
func (p *Pipeline) show(change func(*live.Snapshot)) {
	change(&p.shot)
	if p.Live != nil {
		p.Live.Show(p.shot)
	}
}

// enter shows the stage that begins.
func (p *Pipeline) enter(s live.Stage) { p.show(func(shot *live.Snapshot) { shot.Stage = s }) }

// conclude shows the verdict on every gate, and what the whole recording proves.
func (p *Pipeline) conclude(run *view.Run, proven []gate.Proven) {
	p.show(func(shot *live.Snapshot) {
		shot.Stage, shot.Gates = live.Ready, nil
		for _, g := range run.Verdict.Gates {
			shot.Gates = append(shot.Gates, live.Gate{Gate: g, Decided: g.Verdict})
		}
		if run.Anomalies == nil {
			return
		}
		shot.Anomalies, shot.Looked = nil, run.Anomalies.Judged
		for i := range run.Anomalies.Anomalies {
			shot.Anomalies = append(shot.Anomalies, live.AnomalyOf(&run.Anomalies.Anomalies[i]))
		}
		for _, d := range proven {
			shot.Anomalies = append(shot.Anomalies, live.Anomaly{ID: d.ID, Title: "proven by the probe", Count: 1})
		}
	})
}
