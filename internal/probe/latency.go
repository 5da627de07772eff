package probe

import (
	"context"
	"slices"
)

// time measures the latency of reads and moves as a run without contention
// would see it: medians, because the first of a cold server says nothing. The
// connections are open and the server is warm by now.
func (p *prober) time(ctx context.Context) {
	c := p.cards[0]
	if p.refresh(ctx, c) != nil {
		return
	}
	var reads, moves []float64
	for range p.opts.Samples {
		if a := p.askOnce(ctx, "GET", p.boardCall(), nil); a.success() {
			reads = append(reads, a.millis())
		}
		to := p.api.States.Onward(c.State)
		if to == "" {
			break
		}
		a := p.moveOnce(ctx, 1, c.ID, to, c.Token)
		if a.success() {
			moves = append(moves, a.millis())
		}
		if p.refresh(ctx, c) != nil {
			break
		}
	}
	p.result.BoardMS, p.result.MoveMS = median(reads), median(moves)
}

// median returns the middle of the sample, 0 for none.
func median(sample []float64) float64 {
	if len(sample) == 0 {
		return 0
	}
	slices.Sort(sample)
	mid := len(sample) / 2
	if len(sample)%2 == 1 {
		return sample[mid]
	}
	return (sample[mid-1] + sample[mid]) / 2
}
