package pipeline

import (
	"context"

	"github.com/occbench/occbench/seed"
)

// Seed makes sure that the board holds the cards of the run: over HTTP, or
// straight into the database when its URL is given.
func (p *Pipeline) Seed(ctx context.Context) (seed.Result, error) {
	s, err := p.resolve(latencies{})
	if err != nil {
		return seed.Result{}, err
	}
	if p.Settings.DatabaseURL != "" {
		return seed.OverPostgres(ctx, p.Settings.DatabaseURL, p.seedOptions(s.Records()))
	}
	return p.seedTarget(ctx, s.Records())
}

func (p *Pipeline) seedTarget(ctx context.Context, cards int) (seed.Result, error) {
	target, err := p.shop(ctx)
	if err != nil {
		return seed.Result{}, err
	}
	return seed.OverHTTP(ctx, target, p.seedOptions(cards))
}

func (p *Pipeline) seedOptions(cards int) seed.Options {
	return seed.Options{Date: p.Settings.Date, Tag: p.Settings.Tag, Cards: cards, Now: p.Now}
}
