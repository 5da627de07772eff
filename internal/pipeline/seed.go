package pipeline

import (
	"context"
	"errors"
	"io/fs"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/seed"
	"github.com/occbench/occbench/seed/postgres"
)

// Seed makes sure that the list holds the records of the run: over HTTP, or
// straight into the database when its URL is given.
func (p *Pipeline) Seed(ctx context.Context) (seed.Result, error) {
	s, err := p.resolveSpec(latencies{})
	if err != nil {
		return seed.Result{}, err
	}
	if p.Settings.DatabaseURL != "" {
		return postgres.Seed(ctx, p.Settings.DatabaseURL, p.seedOptions(s.RecordsNeeded()))
	}
	target, err := p.newClientConfig(ctx)
	if err != nil {
		return seed.Result{}, err
	}
	o := p.seedOptions(s.RecordsNeeded())
	o.Spread = true
	return p.seedOver(ctx, target, o)
}

// seedTarget makes records for a run over HTTP. They are not updated before it: a load
// spreads them by itself, and each update would be one more of the target.
func (p *Pipeline) seedTarget(ctx context.Context, records int) (seed.Result, error) {
	target, err := p.newClientConfig(ctx)
	if err != nil {
		return seed.Result{}, err
	}
	return p.seedOver(ctx, target, p.seedOptions(records))
}

// seedOver makes records over HTTP and keeps their ids where nothing else tells
// which are ours.
func (p *Pipeline) seedOver(ctx context.Context, target client.Config, o seed.Options) (seed.Result, error) {
	if !seed.NeedsRoster(target.API) {
		return seed.SeedOverHTTP(ctx, target, o)
	}
	known, err := p.readRoster(target)
	if err != nil {
		return seed.Result{}, err
	}
	o.Known = known.All()
	made, err := seed.SeedOverHTTP(ctx, target, o)
	p.made = made.IDs
	if len(made.IDs) > 0 {
		err = errors.Join(err, seed.KeepRoster(p.Settings.Out, target.Target, &made))
	}
	return made, err
}

// readRoster returns which records of a target are ours, where a file tells it.
func (p *Pipeline) readRoster(target client.Config) (seed.Roster, error) {
	known, err := seed.ReadRoster(p.Settings.Out, target.API.Name, target.Target, p.Settings.Tag)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return known, err
}

// Clean removes the records of the tag from the target.
func (p *Pipeline) Clean(ctx context.Context) (seed.Cleaned, error) {
	target, err := p.newClientConfig(ctx)
	if err != nil {
		return seed.Cleaned{}, err
	}
	o := p.seedOptions(0)
	known, err := seed.ReadRoster(p.Settings.Out, target.API.Name, target.Target, p.Settings.Tag)
	switch {
	case err == nil:
		o.Known = known.All()
	case !errors.Is(err, fs.ErrNotExist):
		return seed.Cleaned{}, err
	case seed.NeedsRoster(target.API) && target.API.IDs == nil:
		return seed.Cleaned{}, err
	}
	gone, err := seed.CleanOverHTTP(ctx, target, o)
	if err == nil {
		err = seed.DropRoster(p.Settings.Out, target.API.Name, target.Target, p.Settings.Tag)
	}
	return gone, err
}

func (p *Pipeline) seedOptions(records int) seed.Options {
	return seed.Options{Date: p.Settings.Date, Tag: p.Settings.Tag, Records: records, Now: p.Now}
}
