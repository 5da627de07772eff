package check

import (
	"cmp"
	"slices"
)

// A 409 for version e in [start, end] says that the version was another one at
// some instant of the call: e was installed late enough, I[e] ≥ start, or its
// successor early enough, I[e+1] ≤ end. Where e was seen before the call only
// the second remains, and it is one more upper bound. The others are kept as
// they are: "if I[e+1] > end then I[e] ≥ start" only ever raises a lower bound
// because another one was raised, so raising them all until nothing moves gives
// the lowest instants possible, and the history is right exactly if they stay
// under the upper bounds. There is nothing to search.

// openRefusal is a 409 that the bounds alone do not decide, at row i (e) and
// i+1 (e+1).
type openRefusal struct {
	refusal
	i int
}

// loadRefusals turns what the upper bounds decide into upper bounds.
func (v *view) loadRefusals() {
	v.open = v.open[:0]
	for _, f := range v.card.open {
		i, ok := v.find(f.expected)
		if !ok || i+1 == len(v.row) || v.row[i+1].from != f.expected+1 {
			continue
		}
		if v.row[i].hi < f.start {
			next := v.row[i+1].record
			next.stale = min(next.stale, f.end)
		} else {
			v.open = append(v.open, openRefusal{f, i})
		}
	}
	slices.SortFunc(v.open, func(a, b openRefusal) int { return cmp.Compare(a.i, b.i) })
}

// settleOpen decides the refusals that are left. On a card with a proven
// anomaly the bounds mean nothing any more.
func (v *view) settleOpen(t *tally) {
	if len(v.open) == 0 || v.sure {
		return
	}
	if at, broken := v.exceeds(v.lowest(true)); broken {
		v.version(t, suspect{id: OCC05, version: at, other: at - 1, from: none})
	}
	if v.bad {
		return
	}
	low := v.lowest(v.shared)
	if at, broken := v.exceeds(low); broken {
		v.version(t, suspect{id: OCC05, version: at, other: at - 1, from: none, closed: true})
		return
	}
	high := v.highest()
	for _, f := range v.open {
		if low[f.i] < f.start && high[f.i+1] > f.end {
			t.unproven++
		}
	}
}

// lowest returns the earliest instants at which the versions can have been
// installed, row by row.
func (v *view) lowest(shared bool) []int64 {
	low := make([]int64, len(v.row))
	for i := range low {
		low[i] = always
	}
	for moved := true; moved; {
		v.raise(low, shared)
		moved = false
		for j := len(v.open) - 1; j >= 0; j-- {
			if f := v.open[j]; low[f.i+1] > f.end && low[f.i] < f.start {
				low[f.i] = f.start
				moved = true
			}
		}
	}
	return low
}

// raise applies the bounds of each row and hands them on to the later ones. A
// version that was not there from the beginning needs an owner, which began
// before it.
func (v *view) raise(low []int64, shared bool) {
	at := int64(always)
	for i := range v.row {
		r := &v.row[i]
		if i > 0 && !v.follows(i) && !shared && at != always {
			at = never
		}
		at = max(at, low[i], r.own)
		if !r.acked() && !shared && at != always && r.from == r.to {
			if len(r.maybes) == 0 {
				at = never
			} else {
				at = max(at, r.maybes[0].start)
			}
		}
		low[i] = at
		at = max(at, r.last)
	}
}

// highest returns the latest instants, by upper bounds and refusals.
func (v *view) highest() []int64 {
	high := make([]int64, len(v.row))
	for i := range high {
		high[i] = v.installed(i)
	}
	for moved := true; moved; {
		for i := len(high) - 2; i >= 0; i-- {
			high[i] = min(high[i], high[i+1])
		}
		moved = false
		for _, f := range v.open {
			if high[f.i] < f.start && high[f.i+1] > f.end {
				high[f.i+1] = f.end
				moved = true
			}
		}
	}
	return high
}

// exceeds returns the first version whose lower bound is above its upper bound.
func (v *view) exceeds(low []int64) (version int64, broken bool) {
	for i := range v.row {
		if low[i] > v.installed(i) {
			return v.row[i].from, true
		}
	}
	return 0, false
}
