package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/occbench/occbench/internal/bundle"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/view"
	"github.com/occbench/occbench/seed"
)

// Validate does the whole job and returns the report. Beside a report the error
// says that a stage could not do its work; without one, that there was nothing
// to report on.
func (p *Pipeline) Validate(ctx context.Context, policy gate.Policy) (_ *view.Run, err error) {
	if err := p.checkReady(); err != nil {
		return nil, err
	}
	var bundled *bundle.Server
	if p.Settings.Target == "" {
		p = p.withCloudWatch()
		server, startErr := p.Serve(ctx, "127.0.0.1:0", slog.New(slog.DiscardHandler))
		if startErr != nil {
			return nil, startErr
		}
		defer func() { err = errors.Join(err, server.Stop()) }()
		bundled, p = server, p.withBundledTarget(server)
		p.say("serve   the bundled server on %s, store %s", server.URL, p.Settings.Store)
	}
	metrics, err := p.openCloudWatch(ctx, bundled)
	if err != nil {
		return nil, err
	}
	asked, made, err := p.prepareTarget(ctx, policy, metrics)
	if err != nil {
		return nil, err
	}
	metrics.beginRun()
	dir, manifest, err := p.Run(ctx, Subject{
		Build: asked.Build, Dialect: string(asked.Verdict), Bundled: bundled != nil,
		CloudWatch: metrics.findPlace(), latency: readLatencies(asked), alone: true,
		kept: map[string]any{run.ProbeFile: asked, run.SeedFile: made},
	})
	if dir.Path() == "" || err != nil && manifest.State != run.Failed {
		return nil, err
	}
	var written error
	if manifest.Spec.Generators < 2 { // else its generators have kept them
		written = keepStages(dir, &manifest, asked, made)
	}
	rec, recorded := p.checkHistory(dir, policy)
	pulled := metrics.pullRun(ctx, p, dir, manifest, rec)
	if recorded != nil {
		return nil, cmp.Or(checkCompleted(manifest), err, errors.Join(written, pulled, recorded))
	}
	result, judged := p.judgeRun(dir, rec, policy)
	// The manifest of a run that failed says why, and most of what goes wrong
	// after that follows from it.
	uploaded := p.Upload(ctx, dir, &manifest)
	return result, cmp.Or(checkCompleted(manifest), err, errors.Join(written, pulled, judged), uploaded)
}

// keepStages writes what the stages before the load found, as those of the run.
func keepStages(dir run.Dir, m *run.Manifest, asked probe.Result, made seed.Result) error {
	name := evidence.RunName(m)
	return errors.Join(dir.WriteSealed(run.ProbeFile, struct {
		probe.Result
		Run string `json:"run"`
	}{asked, name}), dir.WriteSealed(run.SeedFile, struct {
		seed.Result
		Run string `json:"run"`
	}{made, name}))
}

// checkReady checks what a run needs of this machine, before it sends anything
// to the target.
func (p *Pipeline) checkReady() error {
	return cmp.Or(k6run.CheckExtra(p.K6Args), run.CheckWritable(p.Settings.Out), p.checkGenerators(&p.Settings.Spec), p.findBrowser())
}

// prepareTarget probes the target, plans the run, seeds the records, and then
// probes what needs records.
func (p *Pipeline) prepareTarget(ctx context.Context, policy gate.Policy, metrics *observed) (asked probe.Result,
	made seed.Result, err error) {
	p.updateSnapshot(func(shot *live.Snapshot) {
		shot.Stage, shot.Target, shot.Words = live.Probe, run.HideUser(p.Settings.Target), p.Settings.Words()
	})
	target, err := p.openProbe(ctx, metrics)
	if err != nil {
		return asked, made, err
	}
	defer target.Close()
	// The probe updates records, so that it would be in the way of the other run.
	if err := p.refuseInUse(ctx, nil, false); err != nil {
		return asked, made, err
	}
	if asked, err = target.Begin(ctx); err == nil {
		err = asked.Err()
	}
	if err != nil {
		return asked, made, err
	}
	p.say("probe   %s", asked.Summary())
	spec, err := p.planRun(policy, readLatencies(asked))
	if err != nil {
		return asked, made, err
	}
	p.enterStage(live.Seed)
	if made, err = p.seedTarget(ctx, spec.RecordsNeeded()); err != nil {
		return asked, made, err
	}
	p.say("seed    %s", made)
	if asked, err = target.Finish(ctx); err == nil {
		err = asked.Err()
	}
	if err != nil {
		return asked, made, err
	}
	p.say("probe   %s", asked.DescribeRaces())
	return asked, made, p.refuseInUse(ctx, target.Records(), metrics == nil || metrics.place.Passing)
}

// checkHistory reads the history of a run in one pass for all judges, and
// writes anomalies.json. With an error the recording is nil.
func (p *Pipeline) checkHistory(dir run.Dir, policy gate.Policy) (*evidence.Recording, error) {
	p.enterStage(live.Check)
	rec, err := evidence.LoadRecording(dir, evidence.Options{
		Policy: policy, Samples: readHistorySize(dir) <= mostCompared, Check: &check.Options{Shared: p.Settings.SharedRecords},
	})
	switch {
	case rec == nil && err == nil:
		return nil, fmt.Errorf("checking %s: %s", dir.Path(), dir.Missing(run.HistoryFile))
	case rec == nil:
		return nil, err
	}
	if err := errors.Join(err, dir.WriteSealed(run.AnomaliesFile, rec.Checked)); err != nil {
		return nil, err
	}
	return rec, nil
}

// judgeRun runs the stages after the check, on whatever files the load left.
func (p *Pipeline) judgeRun(dir run.Dir, rec *evidence.Recording, policy gate.Policy) (*view.Run, error) {
	p.enterStage(live.Judge)
	e, err := evidence.Gather(dir, rec)
	if err != nil {
		return nil, err
	}
	if _, err := judgeEvidence(e, policy); err != nil {
		return nil, err
	}
	p.enterStage(live.Report)
	result, err := buildReport(e)
	if err == nil {
		err = writeReports(dir, &result)
	}
	if err != nil {
		return nil, err
	}
	err = p.updateIndex()
	p.showVerdict(&result, e.Proven())
	return &result, err
}

// checkCompleted returns an error for a run that could not do its work.
func checkCompleted(m run.Manifest) error {
	if m.State != run.Failed {
		return nil
	}
	return fmt.Errorf("running the load: %s", m.Reason)
}
