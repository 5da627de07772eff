package pipeline

import (
	"context"
	"time"

	"github.com/occbench/occbench/internal/contention"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/seed"
)

// Probe asks the target what it speaks. With provide, cards are made for the
// lines that need some; without, those lines stay unasked when there are none.
func (p *Pipeline) Probe(ctx context.Context, provide bool) (probe.Result, error) {
	target, err := p.shop(ctx)
	if err != nil {
		return probe.Result{}, err
	}
	o := probe.Options{Target: target, Tag: p.Settings.Tag, Timeout: p.Settings.Timeout}
	if provide {
		o.Provide = func(ctx context.Context, cards int) error {
			_, err := seed.OverHTTP(ctx, target, p.seedOptions(cards))
			return err
		}
	}
	return probe.Run(ctx, o)
}

// measured returns the latencies that a probe found.
func measured(r probe.Result) latencies {
	l := latencies{board: milliseconds(r.BoardMS), move: milliseconds(r.MoveMS), source: "measured by the probe, medians"}
	if l.board == nil || l.move == nil {
		l.source += "; what it could not measure is assumed, `occbench seed` makes the cards it needs"
	}
	return l
}

// milliseconds is a latency that was measured, nil when it was not.
func milliseconds(v float64) contention.Delay {
	if v <= 0 {
		return nil
	}
	return contention.Fixed(v * float64(time.Millisecond))
}
