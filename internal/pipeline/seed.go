package pipeline

import (
	"context"

	"github.com/occbench/occbench/seed"
)

// Seed makes sure that the board holds the cards of the run: over HTTP, or
// straight into the database when its URL is given.
func (p *Pipeline) Seed(ctx context.Context) (seed.Result, error) {
	if err := p.settleLoad(latencies{}); err != nil {
		return seed.Result{}, err
	}
	if p.Settings.DatabaseURL != "" {
		return seed.OverPostgres(ctx, p.Settings.DatabaseURL, p.seedOptions(p.cardsWanted()))
	}
	return p.seedTarget(ctx)
}

func (p *Pipeline) seedTarget(ctx context.Context) (seed.Result, error) {
	target, err := p.shop(ctx)
	if err != nil {
		return seed.Result{}, err
	}
	return seed.OverHTTP(ctx, target, p.seedOptions(p.cardsWanted()))
}

// cardsWanted is how many cards a run needs: those of the load, and those that are
// reserved for races.
func (p *Pipeline) cardsWanted() int { return p.Settings.Cards + p.Settings.Races.Records() }

func (p *Pipeline) seedOptions(cards int) seed.Options {
	return seed.Options{Date: p.Settings.Date, Tag: p.Settings.Tag, Cards: cards, Now: p.Now}
}
