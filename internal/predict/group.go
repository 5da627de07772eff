package predict

import (
	"cmp"
	"slices"
)

// group is a number of records with about the same share of the picks, and what
// the model says about each of them.
type group struct {
	members  []int   // records
	share    float64 // of the picks, each record's
	attempts float64 // per second on each record
	conflict float64 // conflicts per attempt
	firsts   float64 // conflicts per first attempt
	retries  float64 // further attempts per turn
	beaten   float64 // turns ending in a conflict, per turn
}

func (g *group) records() float64 { return float64(len(g.members)) }

// formGroups puts records of like shares together, hottest first: a hundred
// thousand records of a Zipf distribution become some hundred groups, inside
// which shares differ by less than 10 %.
func formGroups(shares []float64) []group {
	records := make([]int, len(shares))
	for i := range records {
		records[i] = i
	}
	slices.SortStableFunc(records, func(a, b int) int { return cmp.Compare(shares[b], shares[a]) })
	var groups []group
	for from := 0; from < len(records); {
		least := shares[records[from]] * 0.9
		to, sum := from, 0.0
		for ; to < len(records) && shares[records[to]] >= least; to++ {
			sum += shares[records[to]]
		}
		groups = append(groups, group{members: records[from:to], share: sum / float64(to-from)})
		from = to
	}
	return groups
}
