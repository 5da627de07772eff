package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// Looking after every 20 samples and stopping at the first decision decides
// wrongly in at most 5 % of runs, also where the rate lies on the limit. The
// bounds for one look do not keep that.
func TestAnytimeKeepsItsPromise(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates thousands of runs")
	}
	const looks, step = 250, 20
	runs := countRuns(300)
	for _, limit := range []float64{0.01, 0.05, 0.10} {
		t.Run(fmt.Sprintf("limit %v", limit), func(t *testing.T) {
			r := rand.New(rand.NewPCG(11, uint64(1000*limit)))
			var below, above, naive int
			for range runs {
				bad := 0
				var b, a, n bool
				for look := 1; look <= looks && !(a && b); look++ {
					for range step {
						if r.Float64() < limit {
							bad++
						}
					}
					b = b || AnytimeBelow(bad, look*step, limit, Enough)
					a = a || AnytimeAbove(bad, look*step, limit, Enough)
					n = n || RateUpper(bad, look*step, Enough) < limit
				}
				below, above, naive = below+toInt(b), above+toInt(a), naive+toInt(n)
			}
			t.Logf("of %d runs %d called below, %d above; with bounds for one look %d below", runs, below, above, naive)
			if most := mostWrong(runs); below > most || above > most {
				t.Errorf("of %d runs %d are called below and %d above, want at most %d of each", runs, below, above, most)
			}
			if naive < runs/10 {
				t.Errorf("bounds for one look call only %d of %d runs below: the simulation looks too seldom to test anything", naive, runs)
			}
		})
	}
}

// countRuns returns how many runs a simulation plays: few, or ten times as many on the long
// way of fuzz-check.
func countRuns(few int) int {
	if os.Getenv("OCCBENCH_FUZZ_CHECK") != "" {
		return 10 * few
	}
	return few
}

// mostWrong returns how many of the runs may be decided wrongly, by decisions that are wrong
// in 5 % at most.
func mostWrong(runs int) int { return mostOf(1-Enough, 2, runs) }

// mostOf returns how many of the runs may show what each shows with a chance, give or take
// so many standard errors.
func mostOf(chance, errors float64, runs int) int {
	n := float64(runs)
	return int(chance*n + errors*math.Sqrt(chance*(1-chance)*n))
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// The price of looking often: how many samples without surprise it takes.
func TestAnytimeDecides(t *testing.T) {
	cases := []struct {
		name         string
		limit        float64
		rate         float64 // of hits, evenly spread
		below, above bool
		most         int // samples that suffice
	}{
		{"no error", 0.01, 0, true, false, 450},
		{"few errors", 0.01, 0.002, true, false, 1200},
		{"many errors", 0.01, 0.03, false, true, 600},
		{"4 % conflicts", 0.10, 0.04, true, false, 300},
		{"20 % conflicts", 0.10, 0.20, false, true, 200},
		{"nothing slow", 0.05, 0, true, false, 90},
		{"everything slow", 0.05, 1, false, true, 3},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for n := 1; n <= c.most; n++ {
				hits := int(c.rate * float64(n))
				b, a := AnytimeBelow(hits, n, c.limit, Enough), AnytimeAbove(hits, n, c.limit, Enough)
				if b && !c.below || a && !c.above {
					t.Fatalf("%d of %d: below %v, above %v", hits, n, b, a)
				}
				if b || a {
					t.Logf("after %d", n)
					return
				}
			}
			t.Errorf("undecided after %d", c.most)
		})
	}
}

// Bounds, decisions and ranks say the same, and no less than those of one look.
func TestAnytimeBounds(t *testing.T) {
	for _, n := range []int{1, 10, 100, 1000, 20_000} {
		for _, bad := range []int{0, 1, n / 20, n / 3, n} {
			upper, lower := anytimeUpper(float64(bad), float64(n), Enough), anytimeLower(float64(bad), float64(n), Enough)
			estimate := float64(bad) / float64(n)
			if upper < estimate || lower > estimate {
				t.Errorf("%d of %d: %v–%v does not hold %v", bad, n, lower, upper, estimate)
			}
			if upper < RateUpper(bad, n, Enough) || lower > RateLower(bad, n, Enough) {
				t.Errorf("%d of %d: %v–%v is narrower than the exact %v–%v", bad, n, lower, upper, RateLower(bad, n, Enough), RateUpper(bad, n, Enough))
			}
			for _, limit := range []float64{0.01, 0.05, 0.5} {
				if AnytimeBelow(bad, n, limit, Enough) != (upper < limit) || AnytimeAbove(bad, n, limit, Enough) != (lower > limit) {
					t.Errorf("%d of %d against %v: the decision is not that of the bounds %v–%v", bad, n, limit, lower, upper)
				}
			}
		}
	}
}

func TestAnytimeRanks(t *testing.T) {
	for _, n := range []int{0, 10, 100, 1000, 20_000} {
		high, ok := AnytimeUpperRank(n, 0.95, Enough)
		if exact, exists := UpperRank(n, 0.95, Enough); ok && (!exists || high < exact) {
			t.Errorf("n = %d: upper rank %d, for one look %d (%v)", n, high, exact, exists)
		}
		if want := n >= 100; ok != want {
			t.Errorf("n = %d: an upper rank exists: %v, want %v", n, ok, want)
		}
		// p95 < limit and fewer than 5 % slow are one statement.
		if ok && !AnytimeBelow(n-high, n, 0.05, Enough) {
			t.Errorf("n = %d: with %d slower than the bound nothing is proven", n, n-high)
		}
		low, ok := anytimeLowerRank(n, 0.95, Enough)
		if exact, exists := LowerRank(n, 0.95, Enough); ok && (!exists || low > exact) {
			t.Errorf("n = %d: lower rank %d, for one look %d (%v)", n, low, exact, exists)
		}
	}
}

func TestAnytimeOfNonsense(t *testing.T) {
	for _, c := range []struct{ bad, n int }{{-1, 10}, {11, 10}, {0, 0}} {
		if anytimeUpper(float64(c.bad), float64(c.n), Enough) != 1 || anytimeLower(float64(c.bad), float64(c.n), Enough) != 0 ||
			AnytimeBelow(c.bad, c.n, 0.5, Enough) || AnytimeAbove(c.bad, c.n, 0.5, Enough) {
			t.Errorf("%d of %d proves something", c.bad, c.n)
		}
	}
	if more, ok := MoreForAnytime(0, 100, 0.01, Enough); !ok || more < 200 || more > 350 {
		t.Errorf("after 0 of 100 it takes %d more (%v)", more, ok)
	}
}
