package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/internal/rundir"
	"github.com/occbench/occbench/reports"
	"github.com/occbench/occbench/seed"
)

// Validate does the whole job and returns the report. Beside a report the error
// says that a stage could not do its work; without one, that there was nothing
// to report on.
func (p *Pipeline) Validate(ctx context.Context, policy gate.Policy) (_ *reports.Run, err error) {
	var subject Subject
	if p.Settings.Target == "" {
		server, startErr := p.Serve(ctx, "127.0.0.1:0", slog.New(slog.DiscardHandler))
		if startErr != nil {
			return nil, startErr
		}
		defer func() { err = errors.Join(err, server.Stop()) }()
		p.Settings.Target = server.URL
		subject.Store, subject.Fault = p.Settings.Store, p.Settings.Fault
		p.say("serve   the bundled server on %s, store %s", server.URL, p.Settings.Store)
	}
	asked, made, err := p.prepare(ctx, policy)
	if err != nil {
		return nil, err
	}
	subject.Build, subject.Dialect, subject.latency = asked.Build, string(asked.Verdict), measured(asked)
	dir, manifest, err := p.Run(ctx, subject)
	if dir.Path() == "" || err != nil && manifest.State != rundir.Failed {
		return nil, err
	}
	err = errors.Join(err, dir.WriteJSON(rundir.ProbeFile, &asked), dir.WriteJSON(rundir.SeedFile, &made))
	run, judged := p.judge(dir, policy)
	return run, errors.Join(broken(manifest), err, judged)
}

// prepare asks the target what it speaks, plans the run and makes the cards.
func (p *Pipeline) prepare(ctx context.Context, policy gate.Policy) (probe.Result, seed.Result, error) {
	asked, err := p.Probe(ctx, true)
	if err == nil {
		err = asked.Err()
	}
	if err != nil {
		return asked, seed.Result{}, err
	}
	p.say("probe   %s", asked.Summary())
	if err := p.foresee(policy, measured(asked)); err != nil {
		return asked, seed.Result{}, err
	}
	made, err := p.seedTarget(ctx)
	if err != nil {
		return asked, made, err
	}
	p.say("seed    %s", made)
	return asked, made, nil
}

// judge does the stages after the load, on whatever the load left behind.
func (p *Pipeline) judge(dir rundir.Dir, policy gate.Policy) (*reports.Run, error) {
	if _, err := Check(dir, p.Settings.SharedBoard); err != nil {
		return nil, err
	}
	if _, err := Gate(dir, policy); err != nil {
		return nil, err
	}
	run, err := Report(dir)
	return &run, err
}

// broken returns an error for a run that could not do its work.
func broken(m rundir.Manifest) error {
	if m.State != rundir.Failed {
		return nil
	}
	return fmt.Errorf("running the load: %s", m.Reason)
}
