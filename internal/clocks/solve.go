package clocks

import "math"

// driftPPM is by how much a clock may run fast or slow, in parts per million.
const driftPPM = 100

// maxDrift returns by how much a clock may be off after a time, rounded up.
func maxDrift(ns int64) int64 { return max(ns, -ns)/(1e6/driftPPM) + 1 }

// farthest is how far two shifted clocks may be apart to be compared: what a clock does
// meanwhile is not known well enough beyond that.
const farthest = 10_000_000_000

// solve turns what was seen into bounds.
//
// Let x[g] be by how much the shifted clock of generator g is behind at the middle of a window.
// An attempt that was sent at c by a's clock and whose effect was seen by r on b's says
// x[a] − x[b] ≤ r − c, give or take what both drift from the middle to c and r. All these
// inequalities of a window together, and those of its neighbours with the drift
// between them, are made as tight as they can be (Floyd and Warshall 1962). Where a
// circle of them says x[a] − x[a] < 0, no clocks that run evenly explain it.
func (f *flow) solve() *Bounds {
	f.align()
	b := &Bounds{Format: Format, Window: f.window, Generators: make([]Generator, f.n)}
	for g := range b.Generators {
		b.Generators[g].Shift = f.shift[g]
	}
	s := f.newSolver()
	for {
		at := s.sweepUp(0, s.windows-1)
		if at < 0 {
			break
		}
		b.Void = append(b.Void, s.leaveOut(at))
	}
	s.sweepDown()
	b.Windows = make([]Window, s.windows)
	for w := range b.Windows {
		b.Windows[w].Apart = s.boundDifferences(w)
	}
	return b
}

// align finds shifts that bring the clocks about together, from the first stretch of time in
// which two of them saw each other. That is no proof and needs to be none: what is proven is
// relative to it. No shifted time is below 0.
func (f *flow) align() {
	shift, known := make([]int64, f.n), make([]bool, f.n)
	known[0] = true
	for {
		best, from, to, by := int64(math.MaxInt64), 0, 0, int64(0)
		for a := range f.n {
			for b := range f.n {
				if known[a] && !known[b] {
					if ahead, width := f.measureLead(a, b); width < best {
						best, from, to, by = width, a, b, ahead
					}
				}
			}
		}
		if best == math.MaxInt64 {
			break
		}
		known[to], shift[to] = true, shift[from]-by
	}
	origin := int64(0)
	for g := range shift {
		if !known[g] {
			shift[g] = f.shift[g] - f.shift[0]
		}
		if f.first[g] != math.MaxInt64 {
			origin = max(origin, -(f.first[g] + shift[g]))
		}
	}
	for g := range shift {
		f.shift[g] = shift[g] + origin
	}
}

// measureLead returns by how much clock b is ahead of clock a, and how closely that is known; a
// width of math.MaxInt64 stands for not at all.
func (f *flow) measureLead(a, b int) (by, width int64) {
	type limits struct{ low, high int64 }
	stretches := map[int64]*limits{} // by a's clock
	of := func(t int64) *limits {
		l := stretches[t/farthest]
		if l == nil {
			l = &limits{math.MinInt64, math.MaxInt64}
			stretches[t/farthest] = l
		}
		return l
	}
	for _, i := range f.pairs[a*f.n+b] {
		if i != noInfluence {
			l := of(i.made)
			l.high = min(l.high, i.slack())
		}
	}
	for _, i := range f.pairs[b*f.n+a] {
		if i != noInfluence {
			l := of(i.seen)
			l.low = max(l.low, -i.slack())
		}
	}
	earliest := int64(math.MaxInt64)
	width = math.MaxInt64
	for at, l := range stretches {
		if l.low != math.MinInt64 && l.high != math.MaxInt64 && at < earliest {
			earliest, by, width = at, l.low+(l.high-l.low)/2, max(0, l.high-l.low)
		}
	}
	return by, width
}

// unbounded stands for no inequality; sums of three do not overflow.
const unbounded = math.MaxInt64 / 4

// matrix holds x[a] − x[b] ≤ at[a·n+b].
type matrix []int64

type solver struct {
	n, windows int
	window     int64
	edges      []matrix // what was seen, by window
	up, down   []matrix // the same with what was seen before, and with what was seen after
	gone       []int    // by generator: the first window from which on its clock is of no use
}

func (f *flow) newSolver() *solver {
	s := &solver{n: f.n, window: f.window, gone: make([]int, f.n)}
	last := int64(0)
	f.each(func(_, _ int, i influence) { last = max(last, i.seen, i.made) })
	s.windows = int(last/f.window) + 1
	for g := range s.gone {
		s.gone[g] = s.windows
	}
	s.edges, s.up, s.down = make([]matrix, s.windows), make([]matrix, s.windows), make([]matrix, s.windows)
	for w := range s.edges {
		s.edges[w], s.up[w], s.down[w] = s.newMatrix(), s.newMatrix(), s.newMatrix()
	}
	f.each(func(maker, viewer int, i influence) {
		w := i.seen / f.window
		middle := w*f.window + f.window/2
		at := &s.edges[w][maker*f.n+viewer]
		*at = min(*at, i.slack()+maxDrift(i.made-middle)+maxDrift(i.seen-middle))
	})
	return s
}

// each yields what was kept, on shifted clocks.
func (f *flow) each(yield func(maker, viewer int, i influence)) {
	for p, all := range f.pairs {
		maker, viewer := p/f.n, p%f.n
		for _, i := range all {
			if i != noInfluence {
				yield(maker, viewer, influence{i.made + f.shift[maker], max(0, i.seen+f.shift[viewer])})
			}
		}
	}
}

func (s *solver) newMatrix() matrix {
	m := make(matrix, s.n*s.n)
	for i := range m {
		m[i] = unbounded
	}
	for g := range s.n {
		m[g*s.n+g] = 0
	}
	return m
}

// sweepUp closes the windows from one to another, each with what is known from before, and
// returns the first that contradicts itself; -1 without.
func (s *solver) sweepUp(from, to int) int {
	for w := from; w <= to; w++ {
		copy(s.up[w], s.edges[w])
		if w > from {
			s.carry(s.up[w], s.up[w-1])
		}
		for g, gone := range s.gone {
			if w >= gone {
				s.removeGenerator(s.up[w], g)
			}
		}
		if !s.tighten(s.up[w]) {
			return w
		}
	}
	return -1
}

// sweepDown does the same backwards. What does not contradict itself forwards does not
// backwards.
func (s *solver) sweepDown() {
	for w := s.windows - 1; w >= 0; w-- {
		copy(s.down[w], s.edges[w])
		if w+1 < s.windows {
			s.carry(s.down[w], s.down[w+1])
		}
		for g, gone := range s.gone {
			if w >= gone {
				s.removeGenerator(s.down[w], g)
			}
		}
		s.tighten(s.down[w])
	}
}

// carry adds what holds in the next window.
func (s *solver) carry(to, from matrix) {
	for i := range to {
		if from[i] != unbounded {
			to[i] = min(to[i], from[i]+2*maxDrift(s.window))
		}
	}
}

// removeGenerator removes the bounds of a generator from a matrix.
func (s *solver) removeGenerator(m matrix, g int) {
	for other := range s.n {
		if other != g {
			m[g*s.n+other], m[other*s.n+g] = unbounded, unbounded
		}
	}
}

// tighten derives the tightest bounds of a matrix from one another, and reports whether they do
// not contradict each other.
func (s *solver) tighten(m matrix) bool {
	for by := range s.n {
		for a := range s.n {
			if m[a*s.n+by] == unbounded {
				continue
			}
			for b := range s.n {
				if m[by*s.n+b] != unbounded {
					m[a*s.n+b] = min(m[a*s.n+b], m[a*s.n+by]+m[by*s.n+b])
				}
			}
		}
	}
	for g := range s.n {
		if m[g*s.n+g] < 0 {
			return false
		}
	}
	return true
}

// leaveOut finds out whose clock it is that makes a window contradict itself, or those before it, and
// leaves it out from there on: what was an even clock until then says nothing of one that
// has stepped. Without it the others must agree, for some time before and after; where that is so of several, each may be
// the one.
func (s *solver) leaveOut(at int) Void {
	const around = 8
	from := at
	for from > 0 && s.sweepUp(from, at) < 0 {
		from--
	}
	those := s.findOutliers(max(0, from-around), min(at+around, s.windows-1))
	if len(those) == 0 {
		those = s.findOutliers(from, at)
	}
	if len(those) == 0 { // several stepped at once
		for g := range s.n {
			those = append(those, g)
		}
	}
	v := Void{To: int64(at+1) * s.window}
	before := max(0, from-1)
	s.sweepUp(0, before)
	first := before
	for _, g := range those {
		away := int64(0) // as what is there at an instant by one clock is there at another one by others
		for other := range s.n {
			for _, d := range []int64{s.up[before][g*s.n+other], s.up[before][other*s.n+g]} {
				if d != unbounded {
					away = max(away, d, -d)
				}
			}
		}
		first = min(first, max(0, before-int(away/s.window)-1))
		v.members = append(v.members, g)
	}
	for _, g := range those {
		s.gone[g] = min(s.gone[g], first)
	}
	v.From = int64(first) * s.window
	return v
}

// findOutliers returns the generators of which each alone, left out, makes the others agree from one window to
// another.
func (s *solver) findOutliers(from, to int) (those []int) {
	for g, had := range s.gone {
		if had <= from {
			continue
		}
		s.gone[g] = 0
		if s.sweepUp(from, to) < 0 {
			those = append(those, g)
		}
		s.gone[g] = had
	}
	return those
}

// boundDifferences returns by how much the clocks may be apart in a whole window.
//
// It is the weaker of what was seen before the window and what was seen after it. So a clock that
// stepped once, by so little that nothing shows it, makes no bound false: an instant before the step is
// bounded by what was seen before, and one after it by what was seen after. What was seen on one side alone
// bounds nothing.
func (s *solver) boundDifferences(w int) []int64 {
	all := make([]int64, s.n*s.n)
	m := s.newMatrix()
	for i := range m {
		if w == 0 || w+1 == s.windows || s.up[w-1][i] == unbounded || s.down[w+1][i] == unbounded {
			m[i] = unbounded
		} else {
			m[i] = max(s.up[w-1][i], s.down[w+1][i]) + 2*maxDrift(s.window)
		}
	}
	for a := range s.n {
		for b := range s.n {
			d, back := m[a*s.n+b], m[b*s.n+a]
			away := max(d, -d, back, -back)
			switch {
			case a == b:
			case d == unbounded || back == unbounded || away > farthest:
				all[a*s.n+b] = Unknown
			default:
				all[a*s.n+b] = d + maxDrift(s.window) + maxDrift(away)
			}
		}
	}
	return all
}
