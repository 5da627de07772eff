package workload

import "math/rand/v2"

// Picker chooses records. Pick returns an index into the run's fixed list of
// records; it allocates nothing. A Picker holds no state of its own, all
// randomness comes from r, so one may serve many operators if they have an r
// each.
type Picker interface {
	Pick(r *rand.Rand) int
}

// NewPicker returns the picker of one operator over a list of records; operators
// count from 1. Where Check refuses the numbers the picker still stays inside
// the list: with fewer records than operators, own makes operators share records.
func (p Pick) NewPicker(records, operator, operators int) Picker {
	records = max(records, 1)
	switch p.kind {
	case first:
		return firstPicker{}
	case own:
		return newOwnPicker(records, operator, operators)
	case zipf, hotspot:
		return tables.get(p, records)
	}
	return uniformPicker{records: records}
}

type uniformPicker struct{ records int }

func (u uniformPicker) Pick(r *rand.Rand) int { return r.IntN(u.records) }

// firstPicker always starts at the top of the list; walking forward to the
// first record that can be updated is the operator's part.
type firstPicker struct{}

func (firstPicker) Pick(*rand.Rand) int { return 0 }

// ownPicker chooses evenly among the indexes start, start+stride, …
type ownPicker struct{ start, stride, count int }

func newOwnPicker(records, operator, operators int) ownPicker {
	operators = max(operators, 1)
	start := ((operator % operators) + operators) % operators % records
	return ownPicker{start: start, stride: operators, count: (records-start-1)/operators + 1}
}

func (o ownPicker) Pick(r *rand.Rand) int { return o.start + o.stride*r.IntN(o.count) }
