// Package clocks bounds how far the clocks of a run's generators are apart, from
// what the generators saw of each other's updates.
//
// It holds that nothing is known of clocks but what information flow proves: what
// a generator has seen was asked for before, by the clock of the one that asked.
// Of two machines' clocks no more is assumed than that neither gains or loses more
// than 100 ppm. What cannot be bounded is unknown, never zero.
package clocks

import (
	"math"
	"slices"
)

// Format is the version of clocks.json.
const Format = 1

// Unknown is the width where nothing bounds a clock.
const Unknown = math.MaxInt64

// Bounds say how the clocks of the generators of one run relate; as JSON they are
// clocks.json. A nil one stands for one clock.
type Bounds struct {
	Format     int         `json:"format"`
	Window     int64       `json:"window_ns"`  // length of a window
	Generators []Generator `json:"generators"` // the first is the reference: its clock is the run's
	Windows    []Window    `json:"windows"`    // of the run's time line from 0 on, without gaps
	Void       []Void      `json:"void,omitempty"`
}

// Generator is one clock.
type Generator struct {
	Name string `json:"generator"`

	// Shift is added to all its times by merging, in ns. It is one number for the
	// whole run, so durations and the order within a generator stay as they were.
	Shift int64 `json:"shift_ns"`
}

// Window bounds the clocks against each other in one stretch of time.
type Window struct {
	// Apart holds, for each two generators a and b, at a × generators + b, by how much a's
	// shifted clock is behind b's at most, in ns: what happens when a's shows t happens when
	// b's shows at most t + Apart. Unknown: nothing bounds it.
	Apart []int64 `json:"apart_ns"`
}

// Void is a stretch of time in which what the generators saw fits no clocks that run
// evenly: one of them stepped.
type Void struct {
	Generators []string `json:"generators"` // one of these

	// From and To are on the run's time line. From there on to the end of the run, not only
	// in between, the clocks of these generators are unknown.
	From int64 `json:"from_ns"`
	To   int64 `json:"to_ns"`

	members []int // the generators, by index
}

// Find returns the index of a generator; -1 where there is none of the name.
func (b *Bounds) Find(generator string) int {
	return slices.IndexFunc(b.Generators, func(g Generator) bool { return g.Name == generator })
}

// Shift returns what merging adds to the times of a generator, in ns. No shifted time
// is below 0.
func (b *Bounds) Shift(generator string) int64 {
	if i := b.Find(generator); i >= 0 {
		return b.Generators[i].Shift
	}
	return 0
}

// Width returns half of what is not known of a generator's clock against the
// reference's at an instant of the run's time line, in ns; Unknown where nothing bounds it.
func (b *Bounds) Width(generator string, t int64) int64 {
	g := b.Find(generator)
	if g < 0 || g == 0 {
		return 0
	}
	low, high, known := b.Place(g, 0, t)
	if !known {
		return Unknown
	}
	return (high - low + 1) / 2
}

// Place returns between which readings of clock b an instant falls at which clock a
// shows t; both are shifted. It reports false where nothing is known.
func (b *Bounds) Place(from, to int, t int64) (low, high int64, known bool) {
	if from == to || from < 0 || len(b.Windows) == 0 {
		return t, t, from == to
	}
	n := len(b.Generators)
	at := t / b.Window
	if t < 0 || at >= int64(len(b.Windows)) {
		return 0, 0, false
	}
	w := &b.Windows[at]
	high, low = w.Apart[from*n+to], w.Apart[to*n+from]
	if high == Unknown || low == Unknown {
		return 0, 0, false
	}
	return t - low, t + high, true
}

// Summary sums up the clocks for a report.
type Summary struct {
	// Median and Largest are half of what is not known between two generators, in ns, over all
	// pairs and windows where it is bounded; Unknown where there are none.
	Median, Largest int64

	Known float64 // share of the pairs and windows that are bounded: 0 to 1
}

// Sum returns how closely the clocks are known.
func (b *Bounds) Sum() Summary {
	var known []int64
	n, all := len(b.Generators), 0
	for i := range b.Windows {
		for a := range n {
			for c := range a {
				all++
				low, high := b.Windows[i].Apart[c*n+a], b.Windows[i].Apart[a*n+c]
				if low != Unknown && high != Unknown {
					known = append(known, (low+high+1)/2)
				}
			}
		}
	}
	if len(known) == 0 {
		return Summary{Median: Unknown, Largest: Unknown}
	}
	slices.Sort(known)
	return Summary{known[len(known)/2], known[len(known)-1], float64(len(known)) / float64(all)}
}
