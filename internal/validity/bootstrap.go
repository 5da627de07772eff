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
// Bootstrap, 1993, §8.5–8.6; percentile bounds). Nil with fewer than 10 cards.
func bootstrap(cards []tally, confidence float64, seed uint64) *Bounds {
	var blocks []tally
	for _, c := range cards {
		if c.attempts > 0 {
			blocks = append(blocks, c)
		}
	}
	if len(blocks) < leastBlocks {
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
