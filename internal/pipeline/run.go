package pipeline

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/watch"
)

// Subject is what a run is made against, as far as earlier stages know it.
type Subject struct {
	Build   string
	Dialect string
	Bundled bool // it is the bundled server

	CloudWatch *run.Metrics // where its metrics are; nil: what the settings say of a target

	latency latencies
	alone   bool // it was looked whether others move its cards
}

// Run loads the target in a new run directory. The error says that the load
// could not be made at all; how far a load came that was made stands in the
// manifest.
func (p *Pipeline) Run(ctx context.Context, subject Subject) (run.Dir, run.Manifest, error) {
	if _, err := p.shop(ctx); err != nil {
		return run.Dir{}, run.Manifest{}, err
	}
	spec, err := p.resolve(subject.latency)
	if err := errors.Join(k6run.CheckExtra(p.K6Args), run.Writable(p.Settings.Out), err, p.checkBrowser()); err != nil {
		return run.Dir{}, run.Manifest{}, err
	}
	if subject.Build == "" {
		subject.Build = p.askBuild(ctx)
	}
	if spec, err = foreseeRaces(p.complete(spec, subject), subject.latency); err != nil {
		return run.Dir{}, run.Manifest{}, err
	}
	if !subject.alone {
		// A CloudWatch that is watched would count what this sends as the run's.
		if err := p.refuseInUse(ctx, nil, p.placeOf(subject) == nil); err != nil {
			return run.Dir{}, run.Manifest{}, err
		}
	}
	if err := apart(ctx, p.placeOf(subject), p.Now()); err != nil {
		return run.Dir{}, run.Manifest{}, err
	}
	m := p.manifest(spec, subject)
	dir, err := run.Create(p.Settings.Out, m.Start)
	if err != nil {
		return dir, m, err
	}
	if err := dir.WriteManifest(m); err != nil {
		return dir, m, err
	}
	return p.load(ctx, dir, m, spec)
}

// load runs k6 and writes down how it ended, whatever that was.
func (p *Pipeline) load(ctx context.Context, dir run.Dir, m run.Manifest, spec run.Spec) (run.Dir, run.Manifest, error) {
	var result k6run.Result
	speaks, err := spec.LoadAPI()
	if err != nil {
		return dir, m, err
	}
	load := func(ctx context.Context) {
		result, err = k6run.Run(ctx, k6run.Options{
			Dir: dir.Path(), Source: script(&spec), Modules: modules(&spec), Spec: spec, Declared: true,
			Traces: traces(dir, m), Args: p.K6Args, Secrets: p.secrets(),
		})
	}
	var w *watch.Watcher
	p.show(func(shot *live.Snapshot) {
		shot.Stage, shot.Target = live.Load, m.Spec.Target
		shot.Total, shot.Warmup = m.Spec.Duration, m.Spec.Warmup
	})
	if p.Watch.Any() || p.Live != nil {
		w = watch.New(watch.Options{Ends: p.Watch, Dir: dir, Manifest: &m, API: speaks, Shown: p.Live != nil, Show: p.show, Now: p.Now})
		w.Run(ctx, load)
	} else {
		load(ctx)
	}
	m.End = p.Now()
	if err == nil && len(result.Builds) == 0 {
		result.Builds = p.askAgain(ctx, m)
	}
	m.ClockStep = run.DurationText(clockStep(m.Start, m.End))
	if err != nil {
		m.State, m.Reason = run.Failed, err.Error()
	} else {
		m.State, m.Reason = run.State(result.State), result.Reason
		m.K6Exit = &result.Exit
		m.HistoryDropped = result.Dropped
		m.Builds, m.Troubles = result.Builds, result.Troubles
		m.K6CPU, m.Cores, m.Throttled = run.DurationText(result.CPU), float64(runtime.NumCPU()), run.DurationText(result.Throttled)
		if result.Cores > 0 {
			m.Cores = min(m.Cores, result.Cores)
		}
		m.PlannedIterations, m.DroppedIterations = result.PlannedTurns, result.DroppedTurns
		if w != nil {
			w.Note(&m, m.State == run.Interrupted && ctx.Err() == nil)
		}
	}
	return dir, m, errors.Join(err, dir.WriteManifest(m))
}

// clockStep is what the wall clock was set by between two moments of this
// process: they carry the monotonic clock beside it.
func clockStep(start, end time.Time) time.Duration {
	return (end.Round(0).Sub(start.Round(0)) - end.Sub(start)).Round(time.Millisecond)
}

// complete returns a resolved spec with what the run itself adds: the seed, who is
// who, and what is known of the target by now.
func (p *Pipeline) complete(s run.Spec, subject Subject) run.Spec {
	if !p.Settings.Given("rand-seed") {
		s.RandSeed = rand.Uint64()
	}
	if !subject.Bundled {
		s.Store, s.Fault = "", ""
	}
	s.Auth = p.authSpec()
	s.FirstRacer = firstRacer(&s)
	s.FirstDesk = firstDesk(&s)
	return s
}

func (p *Pipeline) manifest(s run.Spec, subject Subject) run.Manifest {
	now := p.Now()
	return run.Manifest{
		ToolVersion: p.Version, K6Version: p.K6, ExtensionVersion: p.Version,
		Spec: s.WithoutCredentials(), TargetBuild: subject.Build, Dialect: subject.Dialect, Divided: p.Divided,
		Start: now, Base: now, State: run.Running, CloudWatch: p.placeOf(subject),
	}
}

// traces says where k6 leaves what it saw.
func traces(dir run.Dir, m run.Manifest) k6run.Traces {
	return k6run.Traces{
		History: dir.File(run.HistoryFile), Stalls: dir.File(run.StallsFile), Summary: dir.File(run.SummaryFile), Base: m.Base,
		UX: dir.File(run.UXFile), Screens: dir.File(run.ScreensFolder),
	}
}
