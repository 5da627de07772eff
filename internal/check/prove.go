package check

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/occbench/occbench/internal/clocks"
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
					best, best.on = p, d.on
				}
			}
		}
		f.show(&best, c)
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
	return slices.DeleteFunc(slices.Clone(ops), func(l lined) bool {
		return d.distanceOf(&l) > radius && l.line != d.line && l.line != d.also
	})
}

// isClearer orders proofs: those that hold whatever others did, then the shorter, then
// those of several generators, which no clock can explain away, then those whose
// confirmed updates asked for different states, so that a reader sees what was lost,
// then those that took less time, then the earlier.
func (p *proof) isClearer(q *proof) bool {
	if p.closed != q.closed {
		return !p.closed
	}
	if p.isSound() != q.isSound() {
		return p.isSound()
	}
	if len(p.ops) == len(q.ops) && p.isDivided() != q.isDivided() {
		return p.isDivided()
	}
	if wanted := len(p.targets()) > 1; len(p.ops) == len(q.ops) && wanted != (len(q.targets()) > 1) {
		return wanted
	}
	return cmp.Or(cmp.Compare(len(p.ops), len(q.ops)), cmp.Compare(p.span(), q.span()), cmp.Compare(p.ops[0].line, q.ops[0].line)) < 0
}

// isDivided reports whether a proof has operations of several generators.
func (p *proof) isDivided() bool {
	return slices.ContainsFunc(p.ops, func(l lined) bool { return l.op.Generator != p.ops[0].op.Generator })
}

// targets returns the states that the confirmed updates of a proof asked for.
func (p *proof) targets() []string {
	var all []string
	for i := range p.ops {
		if o := &p.ops[i].op; o.Outcome == history.Applied && !slices.Contains(all, o.Target) {
			all = append(all, o.Target)
		}
	}
	return all
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
func (f *Anomaly) show(p *proof, c *Checker) {
	if len(p.ops) == 0 {
		return
	}
	f.on = p.on
	s := findSuspects(f.question(), p.ops, nil, !p.closed)[0]
	f.Closed, f.Tokens = p.closed, s.versions()
	f.Record, f.wentBack = c.tally.nameOf(s.record), s.from != none
	f.Operations = f.Operations[:0]
	for i := range p.ops {
		e := newEvidence(p.ops[i])
		e.Record = f.Record
		e.Considered = p.considered[i]
		f.Operations = append(f.Operations, e)
	}
	if f.opaque {
		f.across = s.beside != nil
		f.Closed = f.Closed || !c.tokens.Unique && len(judgeExcerpt(f.question(), p.ops, Options{Shared: true}).first[f.ID]) == 0
		f.numberOperations(p.ops, s.record)
	}
	slices.SortStableFunc(f.Operations, func(a, b Evidence) int { return cmp.Compare(a.Start, b.Start) })
	f.ClockWidth = widthOf(f.question(), p)
	f.Sentence = invariants[f.ID].sentence(f)
	f.explain(c.tokens)
}

func (f *Anomaly) question() question { return question{f.ID, f.states, f.opaque, f.on} }

// numberOperations gives the operations of a proof the numbers that the proof alone
// tells: 1 is the oldest token of its family. Tokens of other families have none.
func (f *Anomaly) numberOperations(ops []lined, family string) {
	n := learnAll(ops, false)
	main := int32(-1)
	if at := strings.LastIndex(family, familyMark); at >= 0 {
		if root, err := strconv.Atoi(family[at+1:]); err == nil {
			main = int32(root)
		}
	}
	for i := range ops {
		numbered, root, _ := n.InOrder(ops[i].recorded())
		e := &f.Operations[i]
		if main < 0 {
			main = root
		}
		if e.Expected, e.Token = numbered.Expected, numbered.Token; root != main {
			e.Expected, e.Token = history.None, history.None
		} else if e.TokenText == "" {
			e.Token = history.None // an answer that shows none
		}
	}
}

// versions are those that a finding is about, ascending.
func (s *suspect) versions() []int64 {
	if s.raw {
		return []int64{}
	}
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

// widthOf returns how closely the clocks of the generators of a proof are known; 0 where it
// holds without any knowledge of them.
func widthOf(q question, p *proof) (width int64) {
	all := p.on.clocks
	if all == nil {
		return 0
	}
	unknown := &clocks.Bounds{Generators: all.Generators}
	for g := range all.Generators {
		q.on = clockOf{unknown, g}
		if isBroken(q, p.ops, !p.closed) {
			return 0
		}
	}
	for i := range p.ops {
		o := &p.ops[i].op
		if low, high, known := all.Place(all.Find(o.Generator), p.on.generator, o.Start); known {
			width = max(width, high-low)
		}
	}
	return width
}
