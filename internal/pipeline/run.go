package pipeline

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"

	"github.com/occbench/occbench/internal/generator"
	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/watch"
)

// Run loads the target in a new run directory. The error says that the load
// could not be made at all; how far a load came that was made stands in the
// manifest.
func (p *Pipeline) Run(ctx context.Context, subject Subject) (run.Dir, run.Manifest, error) {
	if _, err := p.newClientConfig(ctx); err != nil {
		return run.Dir{}, run.Manifest{}, err
	}
	spec, err := p.resolveSpec(subject.latency)
	if err := errors.Join(k6run.CheckExtra(p.K6Args), run.CheckWritable(p.Settings.Out), err, p.checkBrowser()); err != nil {
		return run.Dir{}, run.Manifest{}, err
	}
	if subject.Build == "" {
		subject.Build = p.askBuild(ctx)
	}
	speaks, err := spec.LoadAPI()
	if err == nil {
		spec, err = spec.HashAPI()
	}
	if err != nil {
		return run.Dir{}, run.Manifest{}, err
	}
	if !speaks.Uses("date") {
		spec.Date = ""
	}
	if err := p.checkGenerators(&spec); err != nil {
		return run.Dir{}, run.Manifest{}, err
	}
	if spec, err = resolveRaces(p.completeSpec(spec, subject), subject.latency); err != nil {
		return run.Dir{}, run.Manifest{}, err
	}
	if !subject.alone {
		// A CloudWatch that is watched would count what this sends as the run's.
		if err := p.refuseInUse(ctx, nil, p.placeOf(subject) == nil); err != nil {
			return run.Dir{}, run.Manifest{}, err
		}
	}
	if err := awaitOwnSecond(ctx, p.placeOf(subject), p.Now()); err != nil {
		return run.Dir{}, run.Manifest{}, err
	}
	if p.made, err = p.listKnownRecords(speaks); err == nil && p.made == nil && spec.Generators > 1 {
		p.made, err = p.listRosterRecords(ctx)
	}
	if err != nil {
		return run.Dir{}, run.Manifest{}, err
	}
	p.made = p.made[:min(len(p.made), spec.RecordsNeeded())]
	m := p.newManifest(spec, subject)
	dir, err := run.Create(p.Settings.Out, m.Start)
	if err != nil {
		return dir, m, err
	}
	if err := dir.WriteManifest(m); err != nil {
		return dir, m, err
	}
	return p.runLoad(ctx, dir, m, spec, subject)
}

// runLoad runs k6 and writes into the manifest how it ended.
func (p *Pipeline) runLoad(ctx context.Context, dir run.Dir, m run.Manifest, spec run.Spec, subject Subject) (run.Dir,
	run.Manifest, error) {
	var result k6run.Result
	played, err := p.keepInputs(dir, spec)
	if err != nil {
		return dir, m, err
	}
	speaks, err := played.LoadAPI()
	if err != nil {
		return dir, m, err
	}
	options := k6run.Options{
		Dir: dir.Raw(), Source: chooseScript(&spec), Modules: listModules(&spec), Spec: played, Declared: true,
		Traces: p.listTraces(dir, m), Args: p.K6Args, Secrets: p.secrets(),
	}
	p.updateSnapshot(func(shot *live.Snapshot) {
		shot.Stage, shot.Target, shot.Words = live.Load, m.Spec.Target, m.Spec.Words()
		shot.Early, shot.Generators = spec.UntilDecided, m.Spec.Generators
		shot.Total, shot.Warmup = m.Spec.Duration, m.Spec.Warmup
	})
	if p.Loading != nil {
		p.Loading(dir.Path(), true)
		defer p.Loading(dir.Path(), false)
	}
	if spec.Generators > 1 {
		m, err = p.loadDivided(ctx, dir, m, options, subject)
		return dir, m, err
	}
	load := func(ctx context.Context) { result, err = k6run.Run(ctx, options) }
	var w *watch.Watcher
	if spec.EndsEarly() || p.Live != nil {
		w = watch.New(watch.Options{Policy: p.Policy, Dir: dir, Manifest: &m, API: speaks, Shown: p.Live != nil,
			Show: p.updateSnapshot, Now: p.Now})
		w.Run(ctx, load)
	} else {
		load(ctx)
	}
	m.End = p.Now()
	if err == nil && len(result.Builds) == 0 {
		result.Builds = p.askAgain(ctx, m)
	}
	m.ClockStep = run.DurationText(generator.MeasureClockStep(m.Start, m.End))
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

// keepInputs puts into the run directory what the load needs and a later judgement
// may need again, and returns the spec that k6 plays by.
func (p *Pipeline) keepInputs(dir run.Dir, s run.Spec) (run.Spec, error) {
	s, err := dir.KeepAPI(s)
	if err == nil && s.APICopy != "" {
		s.API = s.APICopy
	}
	if err == nil && p.made != nil {
		err = dir.WriteJSON(run.RecordsFile, p.made)
	}
	return s, err
}

// completeSpec returns a resolved spec with what only the run itself knows: a
// random seed unless one was given, the authentication, and the numbers of the
// first racer and the first desk.
func (p *Pipeline) completeSpec(s run.Spec, subject Subject) run.Spec {
	if !p.Settings.IsGiven("rand-seed") {
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

func (p *Pipeline) newManifest(s run.Spec, subject Subject) run.Manifest {
	now := p.Now()
	return run.Manifest{
		ToolVersion: p.Version, K6Version: p.K6, ExtensionVersion: p.Version,
		Spec: s.WithoutCredentials(), TargetBuild: subject.Build, Dialect: subject.Dialect, Divided: p.Divided,
		Start: now, Base: now, State: run.Running, CloudWatch: p.placeOf(subject),
	}
}

// listTraces returns where k6 writes its results.
func (p *Pipeline) listTraces(dir run.Dir, m run.Manifest) k6run.Traces {
	t := k6run.Traces{
		History: dir.File(run.HistoryFile), Stalls: dir.File(run.StallsFile), Summary: dir.File(run.SummaryFile), Base: m.Base,
		UX: dir.File(run.UXFile), Screens: dir.File(run.ScreensFolder),
	}
	if p.made != nil {
		t.Records = dir.File(run.RecordsFile)
	}
	return t
}
