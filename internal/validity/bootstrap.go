package validity

import (
	"math/rand/v2"
	"slices"
)

// A bootstrap needs blocks enough to draw from, and draws enough to have tails.
const (
	leastBlocks = 10
	mostDraws   = 20_000_000 // of cards, in all resamples together
)

// bootstrap bounds the conflict rate when attempts on one card depend on each
// other: whole cards are drawn with replacement, so whatever goes on within a
// card goes along with it (B. Efron, R. Tibshirani, An Introduction to the
// Bootstrap, 1993, §8.5–8.6; percentile bounds). Nil with fewer than 10 cards, and
// where no attempt or every one conflicts: whatever is drawn is the same then.
func bootstrap(cards []tally, confidence float64, seed uint64) *Bounds {
	var blocks []tally
	var all tally
	for _, c := range cards {
		if c.attempts > 0 {
			blocks = append(blocks, c)
			all.attempts, all.conflicts = all.attempts+c.attempts, all.conflicts+c.conflicts
		}
	}
	if len(blocks) < leastBlocks || all.conflicts == 0 || all.conflicts == all.attempts {
		return nil
	}
	r := rand.New(rand.NewPCG(seed, 0x626f6f74))
	rates := make([]float64, max(200, min(2000, mostDraws/len(blocks))))
	for i := range rates {
		var sum tally
		for range blocks {
			b := blocks[r.IntN(len(blocks))]
			sum.attempts += b.attempts
			sum.conflicts += b.conflicts
		}
		rates[i] = sum.rate()
	}
	slices.Sort(rates)
	out := int((1 - confidence) * float64(len(rates)))
	return &Bounds{Lower: rates[out], Upper: rates[len(rates)-1-out]}
}
