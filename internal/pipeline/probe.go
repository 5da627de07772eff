package pipeline

import (
	"context"
	"time"

	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/internal/workload"
)

// Probe asks the target everything, with the records that it has. Without enough,
// the lines that need some stay unasked.
func (p *Pipeline) Probe(ctx context.Context) (probe.Result, error) {
	o, err := p.probeOptions(ctx)
	if err != nil {
		return probe.Result{}, err
	}
	return probe.Run(ctx, o)
}

// probeWithoutRaces probes the target without the races: what its API
// supports, and how fast it answers.
func (p *Pipeline) probeWithoutRaces(ctx context.Context) (probe.Result, error) {
	o, err := p.probeOptions(ctx)
	if err != nil {
		return probe.Result{}, err
	}
	asked, err := probe.New(o)
	if err != nil {
		return probe.Result{}, err
	}
	defer asked.Close()
	r, err := asked.Begin(ctx)
	if err == nil {
		err = r.Err()
	}
	return r, err
}

// openProbe begins the probe of a validation, which makes the records that it needs.
//
// Where alarms of a real target are watched, few races must do: their conflicts,
// seven each, are some that the target counts too.
func (p *Pipeline) openProbe(ctx context.Context, metrics *observed) (*probe.Probe, error) {
	o, err := p.probeOptions(ctx)
	if err != nil {
		return nil, err
	}
	if metrics != nil && !metrics.place.Passing {
		o.Rounds = 3
	}
	o.Provide = func(ctx context.Context, records int) ([]string, error) {
		made, err := p.seedOver(ctx, o.Target, p.seedOptions(records))
		return made.IDs, err
	}
	return probe.New(o)
}

func (p *Pipeline) probeOptions(ctx context.Context) (probe.Options, error) {
	target, err := p.newClientConfig(ctx)
	if err != nil {
		return probe.Options{}, err
	}
	known, err := p.readRoster(target)
	return probe.Options{Target: target, Tag: p.Settings.Tag, Known: known.All(), Timeout: p.Settings.Timeout}, err
}

// readLatencies returns the latencies that a probe found.
func readLatencies(r probe.Result) latencies {
	l := latencies{read: toDelay(r.ReadMS), update: toDelay(r.UpdateMS), source: "measured by the probe, medians"}
	if l.read == nil || l.update == nil {
		l.source += "; what it could not measure is assumed, `occbench seed` makes the records it needs"
	}
	return l
}

// toDelay returns a measured latency as a fixed delay; nil when it was not
// measured.
func toDelay(v float64) workload.Delay {
	if v <= 0 {
		return nil
	}
	return workload.Fixed(v * float64(time.Millisecond))
}
