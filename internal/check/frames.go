package check

import "slices"

// A history of several generators has several clocks. It is judged once on each: there the
// operations of that generator keep their times, so what happened within it is compared
// exactly, and the others begin as early and end as late as what is known of
// their clocks allows. A server that is right by the true times is right by these, since each
// operation may have taken effect at any instant of its call. So what is found on any
// clock is found, whatever the others show.

// useClocks makes a checker for each clock, or one for the clock of an excerpt.
func (c *Checker) useClocks() {
	all := c.options.Clocks
	if c.options.framed {
		c.setFrame(clockOf{all, c.options.frame}, 0)
		return
	}
	c.frames, c.tally.on = nil, clockOf{all, 0}
	for g := range all.Generators {
		alone := c.options
		alone.Clocks, alone.Opaque, alone.API, alone.states = nil, false, nil, c.states
		f := New(alone)
		f.options = c.options
		f.setFrame(clockOf{all, g}, g)
		f.tally.words = c.tally.words
		c.frames = append(c.frames, f)
	}
}

func (c *Checker) setFrame(on clockOf, place int) {
	c.placer, c.tally.on, c.frame = placer{clockOf: on, number: -1}, on, place
}

// judgeFrames judges the history on each clock. Of an invariant that is broken on several, the
// count is the highest of any.
func (c *Checker) judgeFrames(shared bool) {
	all := make([]*tally, len(c.frames))
	foreign := false
	for i, f := range c.frames {
		f.judgeRecords(shared)
		c.blind = c.blind || f.blind
		all[i] = &f.tally
		foreign = foreign || f.tally.gapCount[unasked] > 0
	}
	for _, t := range all {
		t.nameGaps(foreign)
	}
	c.tally.includeMost(all)
	for why := range c.aside {
		for _, f := range c.frames {
			c.aside[why] = mostAside(c.aside[why], f.aside[why])
		}
	}
}

func mostAside(a, b SetAside) SetAside {
	if b.Count > a.Count {
		return b
	}
	return a
}

// includeMost adds what several tallies of the same history counted.
func (t *tally) includeMost(all []*tally) {
	for id := range t.count {
		by := slices.Clone(all)
		slices.SortStableFunc(by, func(a, b *tally) int { return int(b.count[id] - a.count[id]) })
		t.count[id] += by[0].count[id]
		t.closed[id] += by[0].closed[id]
		for _, other := range by {
			for _, s := range other.first[id] {
				t.first[id] = t.keepFirst(t.first[id], s)
			}
		}
	}
	unproven, foreign := all[0].unproven, int64(0)
	for _, other := range all {
		unproven, foreign = min(unproven, other.unproven), max(foreign, other.foreign)
	}
	t.unproven += unproven
	t.countForeign(foreign)
}
