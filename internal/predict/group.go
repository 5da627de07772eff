package predict

import (
	"cmp"
	"slices"
)

// group is a number of cards with about the same share of the picks, and what
// the model says about each of them.
type group struct {
	members  []int   // cards
	share    float64 // of the picks, each card's
	attempts float64 // per second on each card
	conflict float64 // conflicts per attempt
	firsts   float64 // conflicts per first attempt
	retries  float64 // further attempts per turn
	beaten   float64 // turns ending in a conflict, per turn
}

func (g *group) cards() float64 { return float64(len(g.members)) }

// groupShares puts cards of like shares together, hottest first: a hundred
// thousand cards of a Zipf distribution become some hundred groups, inside
// which shares differ by less than 10 %.
func groupShares(shares []float64) []group {
	cards := make([]int, len(shares))
	for i := range cards {
		cards[i] = i
	}
	slices.SortStableFunc(cards, func(a, b int) int { return cmp.Compare(shares[b], shares[a]) })
	var groups []group
	for from := 0; from < len(cards); {
		least := shares[cards[from]] * 0.9
		to, sum := from, 0.0
		for ; to < len(cards) && shares[cards[to]] >= least; to++ {
			sum += shares[cards[to]]
		}
		groups = append(groups, group{members: cards[from:to], share: sum / float64(to-from)})
		from = to
	}
	return groups
}
