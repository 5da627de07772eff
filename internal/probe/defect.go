package probe

import (
	"cmp"
	"slices"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
)

// Defect is an invariant that the probe has proven broken, by the same rules as
// the checker proves it from a run. It is evidence whatever the load meets.
type Defect struct {
	ID       check.ID         `json:"id"`
	Sentence string           `json:"sentence"`
	Proof    []check.Evidence `json:"proof"` // by start; its lines are 0, since the probe writes no history
}

// Races are what came of the races with one number of movers. A race in which an
// answer is missing shows nothing and was not played, unless two won it all the
// same.
type Races struct {
	Of     int `json:"of"`     // movers who sent an attempt from the same version at once
	Played int `json:"played"` // races in which every attempt was answered, or two were confirmed
	Lost   int `json:"lost"`   // those of them in which several attempts were confirmed, so that updates were lost
}

// findDefects has the checker judge what the probe recorded. Others may use the
// board too, so that only what holds whatever they do counts.
func (p *prober) findDefects() {
	report := check.History(p.ops, nil, check.Options{API: p.api, Shared: true, Excerpt: true})
	all := slices.Clone(p.shown)
	for i := range report.Anomalies {
		f := &report.Anomalies[i]
		all = append(all, Defect{ID: f.ID, Sentence: f.Sentence, Proof: f.Operations})
	}
	slices.SortStableFunc(all, func(a, b Defect) int { return cmp.Compare(a.ID, b.ID) })
	p.result.Defects = slices.CompactFunc(all, func(a, b Defect) bool { return a.ID == b.ID })
	for i := range p.result.Defects {
		for j := range p.result.Defects[i].Proof {
			p.result.Defects[i].Proof[j].Line = 0
		}
	}
}

// show adds a defect that no rule about two operations of one version covers.
func (p *prober) show(id check.ID, sentence string, proof ...history.Op) {
	d := Defect{ID: id, Sentence: printable(sentence)}
	for i := range proof {
		o := &proof[i]
		d.Proof = append(d.Proof, check.Evidence{Operator: o.Operator, Kind: o.Kind, Start: o.Start, End: o.End, Record: o.Record,
			Expected: o.Expected, Target: o.Target, Outcome: o.Outcome, HTTP: o.HTTP, Token: o.Token, State: o.State})
	}
	p.shown = append(p.shown, d)
}
