package predict

import (
	"math"

	"github.com/occbench/occbench/internal/workload"
)

// What an automatic number of cards aims at: enough conflicts to exercise
// recovery, few enough to stay below a limit of 10 % with a few hundred moves.
const (
	aimedConflict = 0.04
	leastCards    = 8
	mostCards     = 1000 // all are seeded, and read with every turn
)

// CardsFor chooses the number of cards at which about 4 % of the attempts
// conflict, at least 8 and at most 1000; p.Cards is ignored. Where the number
// of cards does not change the rate it is what the pick needs: for first 8,
// for own one card per operator. A forward walk gets enough cards to last for
// the run, however many. A skewed pick may show more than 4 % at any number of
// cards: Predict tells.
func CardsFor(p Parameters) (int, error) {
	p.Cards = max(leastCards, p.Operators)
	if err := p.Check(); err != nil {
		return 0, err
	}
	least := leastCards
	if p.Pick.Own() {
		least = max(least, p.Operators)
	}
	if p.Walk == workload.Forward {
		lasting, err := CardsToLast(p)
		if err != nil {
			return 0, err
		}
		least = max(least, lasting)
	}
	if p.Pick.Own() || p.Pick.First() {
		return least, nil
	}
	return fewest(p, least)
}

// fewest is the least number of cards in least … mostCards whose conflict rate
// does not exceed what is aimed at.
func fewest(p Parameters, least int) (int, error) {
	low, high := least, max(least, mostCards)
	for low < high {
		p.Cards = (low + high) / 2
		f, err := forecastOf(p)
		if err != nil {
			return 0, err
		}
		if f.Conflict <= aimedConflict {
			high = p.Cards
		} else {
			low = p.Cards + 1
		}
	}
	return low, nil
}

// CardsToLast is how many cards a forward walk needs for the whole run. It is asked
// of the very forecast that says whether they run out, or a plan would say that
// so many are needed and, given so many, that they are too few.
func CardsToLast(p Parameters) (int, error) {
	p.Cards = max(p.Cards, p.Operators, 1)
	for {
		f, err := Expect(p)
		if err != nil || !f.RunsOut() {
			return p.Cards, err
		}
		// With more cards there are fewer conflicts, so more of them are used up.
		// Two in a hundred are spare: one run moves more than another.
		more := int(math.Ceil(1.02 * f.moved() * p.Duration.Seconds() / workload.MovesPerCard))
		p.Cards = max(more, p.Cards+1+p.Cards/200)
	}
}
