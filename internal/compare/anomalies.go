package compare

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
)

// compareAnomalies compares the proven anomalies. A broken invariant is a
// proof and no sample: when the base kept it and the run breaks it, the run is
// worse without a test. How often both break the same invariant is a matter of
// chance and is tested.
func compareAnomalies(base, run *Side) *Line {
	l := &Line{Group: Gates, Name: gate.AnomalyCount, Unit: gate.Cases, Test: "exact conditional test of two Poisson counts"}
	if run.anomalies != nil {
		l.Run = Value{Estimate: newFloat(float64(sumCounts(run.anomalies))), N: countOperations(run)}
	}
	if base.anomalies == nil || run.anomalies == nil {
		why := slices.DeleteFunc([]string{base.unchecked, run.unchecked}, func(s string) bool { return s == "" })
		return l.setNoData(strings.Join(why, "; "))
	}
	b, r := sumCounts(base.anomalies), sumCounts(run.anomalies)
	bn, rn := countOperations(base), countOperations(run)
	l.Base, l.Run = Value{Estimate: newFloat(float64(b)), N: bn}, Value{Estimate: newFloat(float64(r)), N: rn}
	l.Difference = newFloat(float64(r - b))
	if b > 0 && rn > 0 {
		l.Relative = newFloat(float64(r)/float64(b)*float64(bn)/float64(rn) - 1)
	}
	if fresh := listNewlyBroken(base.anomalies, run.anomalies); len(fresh) > 0 {
		l.Verdict, l.Reason = Worse, "the run breaks what the base kept: "+strings.Join(fresh, ", ")
		return l
	}
	l.p = testCounts(b, r, float64(rn)/float64(max(bn+rn, 1)))
	l.settle = func(_ *Line, alpha float64) int {
		switch share := float64(rn) / float64(max(bn+rn, 1)); {
		case l.p > alpha:
			return 0
		case float64(r) > share*float64(b+r):
			return 1
		}
		return -1
	}
	return l
}

// testCounts returns the two-sided p-value of run cases among base + run, when the
// share of the run is known: twice the smaller tail.
//
// J. Przyborowski, H. Wilenski, Homogeneity of results in testing samples from
// Poisson series, Biometrika 31 (1940) 313–323.
func testCounts(base, run int, share float64) float64 {
	n := base + run
	if n == 0 || share <= 0 || share >= 1 {
		return 1
	}
	d := distuv.Binomial{N: float64(n), P: share}
	atMost, fewer := d.CDF(float64(run)), 0.0
	if run > 0 {
		fewer = d.CDF(float64(run - 1))
	}
	return min(1, 2*min(atMost, 1-fewer))
}

// listNewlyBroken returns the invariants that the run breaks and the base does
// not.
func listNewlyBroken(base, run map[string]int) []string {
	var ids []string
	for id, n := range run {
		if n > 0 && base[id] == 0 {
			ids = append(ids, fmt.Sprintf("%s ×%s", id, amount.Count(n)))
		}
	}
	slices.Sort(ids)
	return ids
}

func sumCounts(counts map[string]int) int {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return sum
}

func countOperations(s *Side) int { return s.Numbers.Attempts + s.Numbers.Reads.Count }
