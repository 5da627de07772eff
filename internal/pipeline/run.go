package pipeline

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/url"
	"runtime"
	"strconv"
	"time"

	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/rundir"
	"github.com/occbench/occbench/internal/settings"
)

// Subject is what a run is made against, as far as earlier stages know it.
type Subject struct {
	Build   string
	Dialect string
	Store   string // of the bundled server
	Fault   string // of the bundled server

	CloudWatch *rundir.CloudWatch // where its metrics are; nil: what the settings say of a target

	latency latencies
	alone   bool // it was looked whether others move its cards
}

// Run loads the target in a new run directory. The error says that the load
// could not be made at all; how far a load came that was made stands in the
// manifest.
func (p *Pipeline) Run(ctx context.Context, subject Subject) (rundir.Dir, rundir.Manifest, error) {
	if _, err := p.shop(ctx); err != nil {
		return rundir.Dir{}, rundir.Manifest{}, err
	}
	if err := errors.Join(k6run.CheckExtra(p.K6Args), rundir.Writable(p.Settings.Out), p.settleLoad(subject.latency), p.settleBrowser()); err != nil {
		return rundir.Dir{}, rundir.Manifest{}, err
	}
	if !p.Settings.Given("rand-seed") {
		p.Settings.RandSeed = rand.Uint64()
	}
	if subject.Build == "" {
		subject.Build = p.askBuild(ctx)
	}
	if !subject.alone {
		// A CloudWatch that is watched would count what this sends as the run's.
		if err := p.refuseInUse(ctx, nil, p.placeOf(subject) == nil); err != nil {
			return rundir.Dir{}, rundir.Manifest{}, err
		}
	}
	if err := apart(ctx, p.placeOf(subject), p.Now()); err != nil {
		return rundir.Dir{}, rundir.Manifest{}, err
	}
	m, err := p.manifest(subject)
	if err != nil {
		return rundir.Dir{}, m, err
	}
	dir, err := rundir.Create(p.Settings.Out, m.Start)
	if err != nil {
		return dir, m, err
	}
	if err := dir.WriteManifest(m); err != nil {
		return dir, m, err
	}
	return p.load(ctx, dir, m)
}

// load runs k6 and writes down how it ended, whatever that was.
func (p *Pipeline) load(ctx context.Context, dir rundir.Dir, m rundir.Manifest) (rundir.Dir, rundir.Manifest, error) {
	var result k6run.Result
	var err error
	run := func(ctx context.Context) {
		result, err = k6run.Run(ctx, k6run.Options{
			Dir: dir.Path(), Source: p.script(), Modules: p.modules(), Params: p.params(dir, m), Args: p.K6Args, Secrets: p.secrets(),
		})
	}
	var w *watcher
	p.show(func(shot *live.Snapshot) {
		shot.Stage, shot.Target = live.Load, m.Target.String()
		shot.Total, shot.Warmup = time.Duration(m.Contention.Duration), time.Duration(m.Contention.Warmup)
	})
	if p.Watch.on() || p.Live != nil {
		w = p.watcher(dir, &m)
		w.watched(ctx, run)
	} else {
		run(ctx)
	}
	m.End = p.Now()
	if err == nil && len(result.Builds) == 0 {
		result.Builds = p.askAgain(ctx, m)
	}
	m.ClockStep = rundir.Duration(clockStep(m.Start, m.End))
	if err != nil {
		m.State, m.Reason = rundir.Failed, err.Error()
	} else {
		m.State, m.Reason = rundir.State(result.State), result.Reason
		m.K6Exit = &result.Exit
		m.HistoryDropped = result.Dropped
		m.Builds, m.Troubles = result.Builds, result.Troubles
		m.K6CPU, m.Cores, m.Throttled = rundir.Duration(result.CPU), float64(runtime.NumCPU()), rundir.Duration(result.Throttled)
		if result.Cores > 0 {
			m.Cores = min(m.Cores, result.Cores)
		}
		m.PlannedIterations, m.DroppedIterations = result.PlannedTurns, result.DroppedTurns
		if w != nil {
			w.note(&m, m.State == rundir.Interrupted && ctx.Err() == nil)
		}
	}
	return dir, m, errors.Join(err, dir.WriteManifest(m))
}

// clockStep is what the wall clock was set by between two moments of this
// process: they carry the monotonic clock beside it.
func clockStep(start, end time.Time) time.Duration {
	return (end.Round(0).Sub(start.Round(0)) - end.Sub(start)).Round(time.Millisecond)
}

func (p *Pipeline) manifest(subject Subject) (rundir.Manifest, error) {
	s := p.Settings
	target, err := rundir.ParseTarget(withoutUser(s.Target))
	if err != nil {
		return rundir.Manifest{}, err
	}
	races, err := p.foreseenRaces(subject.latency)
	if err != nil {
		return rundir.Manifest{}, err
	}
	now := p.Now()
	return rundir.Manifest{
		ToolVersion: p.Version, K6Version: p.K6, ExtensionVersion: p.Version,
		Target: target, TargetBuild: subject.Build, Dialect: subject.Dialect, Store: subject.Store, Fault: subject.Fault,
		Date: s.Date, Tag: s.Tag, Auth: p.authSpec(), SharedBoard: s.SharedBoard, Divided: p.Divided, Scenario: s.Scenario,
		Contention: p.declared(), RandSeed: s.RandSeed,
		Start: now, Base: now, State: rundir.Running, CloudWatch: p.placeOf(subject), Browser: p.people(), Races: races,
	}, nil
}

func (p *Pipeline) declared() rundir.Contention {
	s := p.Settings
	return rundir.Contention{
		Operators: s.Operators, RatePerSecond: s.Rate, RampTo: s.RampTo, MaxOperators: s.MaxOperators,
		Duration: rundir.Duration(s.Duration), Warmup: rundir.Duration(s.Warmup), WarmupRule: warmupRule(s), Cards: s.Cards,
		Refresh: rundir.Duration(s.Refresh), DoubleMoves: s.DoubleMoves,
		Think: s.Think.String(), Pause: s.Pause.String(), Pick: s.Pick.String(), Walk: s.Walk.String(),
		Attempts: s.Attempts, Budget: rundir.Duration(s.Budget), Backoff: s.Backoff, Timeout: rundir.Duration(s.Timeout),
		UpdateLimit: s.UpdateLimit, ListLimit: s.ListLimit,
	}
}

// autoWarmup in a manifest says that MSER-5 cuts the warm-up.
const autoWarmup = "auto"

func warmupRule(s *settings.Settings) string {
	if s.WarmupAuto {
		return autoWarmup
	}
	return ""
}

func (p *Pipeline) params(dir rundir.Dir, m rundir.Manifest) k6run.Params {
	s := p.Settings
	return k6run.Params{
		URL: s.Target, Date: s.Date, Tag: s.Tag, Auth: p.authSpec(), Operators: s.Operators, Rate: s.Rate, RampTo: s.RampTo, MaxOperators: s.MaxOperators,
		Refresh: s.Refresh, DoubleMoves: s.DoubleMoves, Races: s.Races.String(), RaceFirst: p.firstRacer(), Duration: s.Duration, Warmup: s.Warmup,
		Think: s.Think.String(), Pause: s.Pause.String(), Pick: s.Pick.String(), Walk: s.Walk.String(), Cards: s.Cards,
		Seed: strconv.FormatUint(s.RandSeed, 10), Attempts: s.Attempts, Budget: s.Budget, Backoff: s.Backoff, Timeout: s.Timeout, UpdateLimit: s.UpdateLimit, ListLimit: s.ListLimit,
		History: dir.File(rundir.HistoryFile), Stalls: dir.File(rundir.StallsFile), Base: m.Base, Summary: dir.File(rundir.SummaryFile), Browser: p.browser(dir, m),
	}
}

// withoutUser returns a URL without its credentials: a manifest is shown to
// everybody.
func withoutUser(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return ""
	}
	u.User = nil
	return u.String()
}
