package check

import (
	"cmp"
	"math"
	"slices"

	"github.com/occbench/occbench/internal/history"
)

// prove finds the operations behind the suspects and returns the clearest
// finding of each broken invariant.
func (c *Checker) prove(src Source) ([]Anomaly, error) {
	dossiers, err := c.gather(src)
	if err != nil {
		return nil, err
	}
	found := c.tally.anomalies()
	for i := range found {
		f := &found[i]
		best := proof{}
		for _, d := range dossiers {
			if d.id == f.ID {
				if p, ok := d.prove(c.options.Shared); ok && (best.ops == nil || p.isClearer(&best)) {
					best = p
				}
			}
		}
		f.show(&best, c.tally.nameOf)
	}
	return found, nil
}

// prove shrinks what was collected. On its own a version that no attempt made may
// look like the work of a refused attempt, although elsewhere in the run it
// cannot be one: then the refused attempts are no part of the story.
func (d *dossier) prove(shared bool) (proof, bool) {
	ops := d.operations()
	p, ok := shrink(&d.suspect, d.withinRadius(1, ops), shared)
	for _, radius := range []int64{2, never} {
		if ok && p.isSound() && len(p.ops) <= short {
			break
		}
		if q, found := shrink(&d.suspect, d.withinRadius(radius, ops), shared); found && (!ok || q.isClearer(&p)) {
			p, ok = q, true
		}
	}
	if !ok && d.id == OCC08 {
		p, ok = shrink(&d.suspect, slices.DeleteFunc(ops, func(l lined) bool {
			return l.op.Kind == history.Update && l.op.Outcome != history.Applied && !l.op.Outcome.Uncertain()
		}), shared)
	}
	return p, ok
}

// short is the length of a proof for which no shorter one is sought.
const short = 4

// withinRadius returns the operations that speak of the suspect's versions or of
// others not farther away than the radius: mostly the neighbours are enough.
func (d *dossier) withinRadius(radius int64, ops []lined) []lined {
	return slices.DeleteFunc(slices.Clone(ops), func(l lined) bool { return d.distance(&l.op) > radius && l.line != d.line })
}

// isClearer orders proofs: those that hold whatever others did, then the shorter,
// then those that took less time, then the earlier.
func (p *proof) isClearer(q *proof) bool {
	if p.closed != q.closed {
		return !p.closed
	}
	if p.isSound() != q.isSound() {
		return p.isSound()
	}
	return cmp.Or(cmp.Compare(len(p.ops), len(q.ops)), cmp.Compare(p.span(), q.span()), cmp.Compare(p.ops[0].line, q.ops[0].line)) < 0
}

// span is the time from the first start to the last, in ns.
func (p *proof) span() int64 {
	from, to := int64(math.MaxInt64), int64(math.MinInt64)
	for i := range p.ops {
		from, to = min(from, p.ops[i].op.Start), max(to, p.ops[i].op.Start)
	}
	return to - from
}

// show puts a proof into words and pictures' data.
func (f *Anomaly) show(p *proof, name func(record string) string) {
	if len(p.ops) == 0 {
		return
	}
	s := suspects(question{f.ID, f.states}, p.ops, nil, !p.closed)[0]
	f.Closed, f.Tokens = p.closed, s.versions()
	f.Record, f.wentBack = name(s.record), s.from != none
	f.Operations = f.Operations[:0]
	for i := range p.ops {
		e := evidence(p.ops[i])
		e.Record = name(e.Record)
		e.Considered = p.considered[i]
		f.Operations = append(f.Operations, e)
	}
	slices.SortStableFunc(f.Operations, func(a, b Evidence) int { return cmp.Compare(a.Start, b.Start) })
	f.Sentence = invariants[f.ID].sentence(f)
}

// versions are those that a finding is about, ascending.
func (s *suspect) versions() []int64 {
	switch s.id {
	case OCC03, OCC07, OCC10:
		return []int64{min(s.version, s.other), max(s.version, s.other)}
	case OCC08:
		if s.from != none {
			return []int64{min(s.version, s.other), max(s.version, s.other)}
		}
	case OCC05:
		return []int64{s.version - 1}
	case OCC12:
		if s.version <= 0 {
			return []int64{}
		}
		return []int64{s.version - 1}
	}
	return []int64{s.version}
}

// count counts the operations with an outcome.
func (f *Anomaly) count(outcome history.Outcome) (n int) {
	for i := range f.Operations {
		if f.Operations[i].Outcome == outcome {
			n++
		}
	}
	return n
}

// one returns the first operation of an update with the outcome; every proof of
// the invariants that ask has one.
func (f *Anomaly) one(outcome history.Outcome) *Evidence {
	i := slices.IndexFunc(f.Operations, func(e Evidence) bool { return e.Kind == history.Update && e.Outcome == outcome })
	return &f.Operations[max(0, i)]
}

// states lists the states that a version shows.
func (f *Anomaly) statuses(version int64) string {
	var all []string
	for i := range f.Operations {
		if e := &f.Operations[i]; e.Token == version && e.State != "" && f.states.code(e.State) != 0 {
			all = append(all, e.State)
		}
	}
	slices.Sort(all)
	return join(slices.Compact(all))
}

func join(words []string) string {
	text := ""
	for i, word := range words {
		if i > 0 {
			text += " and "
		}
		text += word
	}
	return text
}
