package workload

import "math/rand/v2"

// Picker chooses cards. Pick returns an index into the run's fixed list of
// cards; it allocates nothing. A Picker holds no state of its own, all
// randomness comes from r, so one may serve many operators if they have an r
// each.
type Picker interface {
	Pick(r *rand.Rand) int
}

// Picker returns the picker of one operator over a list of cards; operators
// count from 1. Where Check refuses the numbers the picker still stays inside
// the list: with fewer cards than operators, own makes operators share cards.
func (p Pick) Picker(cards, operator, operators int) Picker {
	cards = max(cards, 1)
	switch p.kind {
	case first:
		return firstPicker{}
	case own:
		return newOwnPicker(cards, operator, operators)
	case zipf, hotspot:
		return tables.get(p, cards)
	}
	return uniformPicker{cards: cards}
}

type uniformPicker struct{ cards int }

func (u uniformPicker) Pick(r *rand.Rand) int { return r.IntN(u.cards) }

// firstPicker always starts at the top of the board; walking forward to the
// first card that can be moved is the operator's part.
type firstPicker struct{}

func (firstPicker) Pick(*rand.Rand) int { return 0 }

// ownPicker chooses evenly among the indexes start, start+stride, …
type ownPicker struct{ start, stride, count int }

func newOwnPicker(cards, operator, operators int) ownPicker {
	operators = max(operators, 1)
	start := ((operator % operators) + operators) % operators % cards
	return ownPicker{start: start, stride: operators, count: (cards-start-1)/operators + 1}
}

func (o ownPicker) Pick(r *rand.Rand) int { return o.start + o.stride*r.IntN(o.count) }
