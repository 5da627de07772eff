package check

import (
	"cmp"
	"slices"

	"github.com/occbench/occbench/internal/check/lineage"
	"github.com/occbench/occbench/internal/history"
)

// proof is the fewest operations found that break an invariant.
type proof struct {
	ops        []lined
	considered []bool // by operation, see Evidence
	closed     bool
	on         clockOf // on which it holds
}

// question is whether operations break an invariant, by the states of an API.
type question struct {
	id     ID
	by     *stateTable
	opaque bool
	on     clockOf
}

func (s *suspect) question() question { return question{s.id, s.by, s.opaque, s.on} }

// findSuspects returns where an excerpt breaks the invariant. The others are not
// part of it but may have made versions; where tokens are opaque, nothing rests on
// that they have not.
func findSuspects(q question, ops, others []lined, shared bool) []suspect {
	return judgeExcerpt(q, ops, Options{Shared: shared, sealed: true}, others...).first[q.id]
}

// judgeExcerpt judges some operations.
func judgeExcerpt(q question, ops []lined, options Options, others ...lined) *tally {
	options.Excerpt, options.Opaque, options.states = true, q.opaque, q.by
	options.Clocks, options.frame, options.framed = q.on.clocks, q.on.generator, true
	c := New(options)
	c.tally.all = true
	if q.opaque || slices.ContainsFunc(ops, func(l lined) bool { return l.op.Marker != "" }) {
		c.useNumbers(learnAll(ops, !q.opaque))
	}
	for i := range ops {
		c.Add(ops[i].recorded(), ops[i].line)
	}
	for i := range others {
		o := c.placer.place(&others[i].op)
		if k := c.records[o.Record]; k == nil || !mayMakeVersion(o) {
			continue
		} else if o.Outcome == history.Applied && o.Token != o.Expected+1 {
			k.addOwner(maybeOwner{version: o.Expected + 1, start: o.Start})
			k.addOwner(maybeOwner{version: max(o.Expected+1, o.Token), start: o.Start})
		} else {
			k.addUncertain(o)
		}
	}
	c.judge(options.Shared)
	return &c.tally
}

// learnAll returns a numbering that has learned all of the operations.
func learnAll(ops []lined, counting bool) *lineage.Numbering {
	n := lineage.NewLearned(counting)
	for i := range ops {
		n.Learn(ops[i].recorded(), ops[i].line)
	}
	n.Finish()
	return n
}

func isBroken(q question, ops []lined, shared bool) bool {
	return len(findSuspects(q, ops, nil, shared)) > 0
}

// holdsBeside reports whether a part of the operations breaks the invariant, and does
// so at a version where it is broken with the rest as possible owners too.
func holdsBeside(q question, part, rest []lined) bool {
	alone := findSuspects(q, part, nil, false)
	if len(alone) == 0 || isBroken(q, part, true) {
		return false
	}
	still := findSuspects(q, part, rest, false)
	if q.id == OCC08 {
		q.id = OCC04 // a version without owner by its other name
		still = append(still, findSuspects(q, part, rest, false)...)
	}
	return slices.ContainsFunc(alone, func(a suspect) bool {
		return slices.ContainsFunc(still, func(b suspect) bool { return a.meets(&b) })
	})
}

// mayMakeVersion reports whether an operation may have made a version.
func mayMakeVersion(o *history.Op) bool {
	return o.Kind == history.Update && o.Expected >= 0 && o.Expected < never && (o.Outcome == history.Applied || o.Outcome.Uncertain())
}

// shrink leaves out every operation that a proof can do without.
//
// A proof that holds whatever others did stays one when operations are left out
// and others would have explained it: the others are among those that may do
// anything. A proof that no attempt can have made a version is not like
// that. Leaving out the update that made version 4 "proves" that none did. So in
// such a proof what was left out still counts as a possible owner.
func shrink(about *suspect, ops []lined, shared bool) (proof, bool) {
	q := about.question()
	if isBroken(q, ops, true) {
		p := proof{ops: about.minimal(ops, func(part []lined) bool { return isBroken(q, part, true) })}
		p.considered = make([]bool, len(p.ops))
		return p, true
	}
	if shared || !isBroken(q, ops, false) {
		return proof{}, false
	}
	one, two := closedProof(q, about.leastOf(ops)), closedProof(q, about.leastBeside(ops))
	if two.isSound() && (!one.isSound() || len(two.ops) < len(one.ops)) {
		return two, true
	}
	return one, true
}

// closedProof marks the operations without which the others would break the
// invariant all the same: the attempts that had to be considered.
func closedProof(q question, ops []lined) proof {
	p := proof{closed: true, ops: ops}
	for i := range ops {
		p.considered = append(p.considered, isBroken(q, withoutIndex(ops, i), false))
	}
	return p
}

// isSound reports whether only attempts are considered: all else is necessary.
func (p *proof) isSound() bool {
	for i := range p.ops {
		if p.considered[i] && !mayMakeVersion(&p.ops[i].op) {
			return false
		}
	}
	return true
}

// leastOf leaves out whatever it can. That is the shortest, but it may be too
// short to be necessary in all its parts. Counter-example: version 1 is read, an
// attempt to update it on gets no answer, and then both 1 and 2 are refused as
// stale. One of the refusals is wrong; but next to the read alone, without the
// attempt, either of them seems to be.
func (s *suspect) leastOf(ops []lined) []lined {
	return s.minimal(ops, func(part []lined) bool { return holdsBeside(s.question(), part, removeLines(ops, part)) })
}

// leastBeside first leaves out what can have made no version, next to all that
// can, and then of the latter as long as each of the former stays necessary.
func (s *suspect) leastBeside(ops []lined) []lined {
	movers := slices.DeleteFunc(slices.Clone(ops), func(l lined) bool { return !mayMakeVersion(&l.op) })
	others := s.minimal(removeLines(ops, movers), func(part []lined) bool {
		return holdsBeside(s.question(), mergeByLine(part, movers), nil)
	})
	movers = s.minimal(movers, func(part []lined) bool {
		all := mergeByLine(others, part)
		return holdsBeside(s.question(), all, removeLines(ops, all)) && isTight(s.question(), others, part)
	})
	return mergeByLine(others, movers)
}

// isTight reports whether the operations beside the movers are all necessary.
func isTight(q question, others, movers []lined) bool {
	for i := range others {
		if isBroken(q, mergeByLine(withoutIndex(others, i), movers), false) {
			return false
		}
	}
	return true
}

// mergeByLine returns the operations of both, by line.
func mergeByLine(a, b []lined) []lined {
	all := append(slices.Clone(a), b...)
	slices.SortFunc(all, func(a, b lined) int { return cmp.Compare(a.line, b.line) })
	return all
}

// withoutIndex returns all operations but one.
func withoutIndex(ops []lined, i int) []lined { return slices.Delete(slices.Clone(ops), i, i+1) }

// removeLines returns the operations that are not part of it; both are by line.
func removeLines(ops, part []lined) []lined {
	var rest []lined
	for _, l := range ops {
		if len(part) > 0 && part[0].line == l.line {
			part = part[1:]
		} else {
			rest = append(rest, l)
		}
	}
	return rest
}

// minimal returns a part that is broken and of which nothing can be left out:
// halves are tried before quarters and so on (delta debugging, Zeller and
// Hildebrandt 2002). Of a few that are left pairs are tried too: an answer with
// a wrong version may be explained by another one, and neither can go alone.
func (s *suspect) minimal(ops []lined, broken func([]lined) bool) []lined {
	for size := (len(ops) + 1) / 2; size >= 1; {
		fewer := s.thinOut(ops, size, broken)
		if len(fewer) == len(ops) && size == 1 {
			fewer = dropPair(ops, broken)
		}
		if len(fewer) == len(ops) && size == 1 {
			break
		}
		ops, size = fewer, (size+1)/2
	}
	return ops
}

// thinOut leaves out what it can in one pass, so many at a time.
func (s *suspect) thinOut(ops []lined, size int, broken func([]lined) bool) []lined {
	for at := 0; at < len(ops); {
		if part := withoutIndexes(ops, s.pickLeastMissed(ops, at, size)); broken(part) {
			ops = part
		} else {
			at += size
		}
	}
	return ops
}

// dropPair leaves out the first pair it can.
func dropPair(ops []lined, broken func([]lined) bool) []lined {
	if len(ops) <= short || len(ops) > 4*short {
		return ops
	}
	for i := range ops {
		for j := range i {
			if part := withoutIndexes(ops, map[int]bool{i: true, j: true}); broken(part) {
				return part
			}
		}
	}
	return ops
}

// pickLeastMissed returns the places of the operations number at to at+size in the order
// in which a reader would miss them least: first those that speak of other
// versions, then those that show little of what happened.
func (s *suspect) pickLeastMissed(ops []lined, at, size int) map[int]bool {
	order := make([]int, len(ops))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &ops[a].op, &ops[b].op
		return cmp.Or(cmp.Compare(s.distanceOf(&ops[b]), s.distanceOf(&ops[a])), cmp.Compare(clarityOf(x), clarityOf(y)))
	})
	places := make(map[int]bool, size)
	for _, i := range order[at:min(at+size, len(order))] {
		places[i] = true
	}
	return places
}

// distanceOf is the distance of an operation whose tokens may be opaque.
func (s *suspect) distanceOf(l *lined) int64 {
	if l.raw != nil {
		return l.away
	}
	return s.distance(&l.op)
}

// distance is by how many versions an operation misses those of the suspect. In
// a closed one the other version only shows that the first one is there: a
// nearer one does so with a shorter story.
func (s *suspect) distance(o *history.Op) int64 {
	far := func(version int64) int64 {
		if version < 0 {
			return never
		}
		d := apart(version, s.version)
		if !s.closed {
			d = min(d, apart(version, s.other))
		}
		return d
	}
	if o.Kind == history.Update {
		if o.Outcome == history.Applied {
			return max(far(o.Expected+1), far(o.Token))
		}
		return min(far(o.Expected+1), far(o.Token))
	}
	return far(o.Token)
}

// clarityOf ranks operations by how well they show what happened.
func clarityOf(o *history.Op) int {
	switch {
	case o.Outcome == history.NoAnswer:
		return 0
	case o.Kind == history.Audit:
		return 1
	case o.Kind == history.Read:
		return 2
	}
	return 3
}

func withoutIndexes(ops []lined, out map[int]bool) []lined {
	part := make([]lined, 0, len(ops))
	for i := range ops {
		if !out[i] {
			part = append(part, ops[i])
		}
	}
	return part
}
