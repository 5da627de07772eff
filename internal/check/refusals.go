package check

import "slices"

// A 409 for version e in [start, end] says that the version was another one at
// some instant of the call: e was installed late enough, I[e] ≥ start, or its
// successor early enough, I[e+1] ≤ end. Where e was seen before the call only
// the second remains, and it is one more upper bound. The others are kept as
// they are: "if I[e+1] > end then I[e] ≥ start" only ever raises a lower bound
// because another one was raised, so raising them all gives the lowest
// instants possible, and the history is right exactly if they stay under the
// upper bounds. There is nothing to search.

// countUnproven counts the refusals that may be right and may be wrong.
func (v *view) countUnproven(t *tally) {
	if len(v.open) == 0 || v.bad {
		return
	}
	v.first = len(v.row)
	v.firstBroken(ofConflicts, v.shared)
	low, high := v.lowest(), v.highest()
	for _, f := range v.open {
		if low[f.i] < f.start && high[f.i+1] > f.end {
			t.unproven++
		}
	}
}

// mostOrigins bounds how often the version at the beginning is reconsidered.
const mostOrigins = 16

// firstOverdue returns the first row that the refusals leave no time for, after broken
// found none with the same claims; -1 when there is none. Where the refusals show
// that a version was made in the run, the versions are looked at once more: it
// had a state, and the later ones followed from that.
func (v *view) firstOverdue(c claims, shared bool) int {
	if len(v.open) == 0 || c < ofConflicts {
		return -1
	}
	for range mostOrigins {
		first := v.first
		for i, low := range v.lowest() {
			if low > v.latest[i] {
				return i
			}
		}
		if v.first == first || shared {
			break
		}
		if i := v.firstBroken(c, shared); i >= 0 {
			return i
		}
	}
	return -1
}

// lowest returns the earliest instants at which the versions can have been
// installed, row by row, after broken.
//
// One pass downwards is enough. A refusal raises e to its start, which is
// before its end and so below e+1: only the refusals of e-1 may follow from
// that. The exception is the first version that is raised at all, which then
// needs an owner, which may have begun later than e+1 must have been there. That
// lifts all later versions alike, e and e+1 too, and decides no refusal of them.
func (v *view) lowest() []int64 {
	low := slices.Clone(v.least)
	v.record.pool.steps += int64(len(low) + len(v.open))
	for j := len(v.open) - 1; j >= 0; j-- {
		f := v.open[j]
		if low[f.i+1] <= f.end || low[f.i] >= f.start {
			continue
		}
		if low[f.i] == always {
			low[f.i] = v.made[f.i]
			v.first = min(v.first, f.i)
		}
		low[f.i] = max(low[f.i], f.start)
	}
	for i := 1; i < len(low); i++ {
		low[i] = max(low[i], low[i-1])
	}
	return low
}

// highest returns the latest instants, by upper bounds and refusals. One pass
// upwards is enough: a refusal that lowers e+1 to its end leaves it above e.
func (v *view) highest() []int64 {
	high := slices.Clone(v.latest)
	for _, f := range v.open {
		if high[f.i] < f.start {
			high[f.i+1] = min(high[f.i+1], f.end)
		}
	}
	return high
}
