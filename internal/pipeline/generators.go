package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/generator"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/merge"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
)

// generatorsFolder has the directories of the generators in that of their run.
const generatorsFolder = "generators"

// checkGenerators refuses what does not go with a load that several k6 make.
func (p *Pipeline) checkGenerators(s *run.Spec) error {
	switch {
	case s.Generators < 2:
		return nil
	case s.Browser > 0:
		return &UsageError{"--browser does not go with --generators: people are told apart by their place in one k6; leave one of the " +
			"two out"}
	case p.Settings.EndsEarly():
		return &UsageError{"--until-decided and --fail-fast do not go with --generators: a run is judged when its histories are one; " +
			"leave one of the two out"}
	case s.IsOpen() && s.MaxOperators == 0: // not known yet
		return nil
	case max(s.Operators, s.MaxOperators) < s.Generators:
		return &UsageError{fmt.Sprintf("--generators %d: there are %d operators, and each generator needs one; give fewer generators or "+
			"more operators",
			s.Generators, max(s.Operators, s.MaxOperators))}
	}
	return nil
}

// listRosterRecords returns the ids of the records on the list in the order of
// a roster. Each generator makes its own audit after others have begun, so no
// generator can decide which records are used.
func (p *Pipeline) listRosterRecords(ctx context.Context) ([]string, error) {
	target, err := p.newClientConfig(ctx)
	if err != nil {
		return nil, err
	}
	caller, err := client.New(target)
	if err != nil {
		return nil, err
	}
	defer caller.CloseIdle()
	return operator.Audit(ctx, caller, p.Settings.Tag, nil, func(*history.Op) {})
}

// loadDivided runs the k6 of every generator and makes one run of what they left.
func (p *Pipeline) loadDivided(ctx context.Context, dir run.Dir, m run.Manifest, o k6run.Options, subject Subject) (run.Manifest, error) {
	folder := dir.File(generatorsFolder)
	begin, end := p.showTime(ctx)
	o.Begun = begin
	all, err := k6run.RunDivided(ctx, o, m.Spec.Generators, folder, dir.Name())
	end()
	m.End = p.Now()
	if err == nil {
		m.Builds = p.askBuilds(ctx, m, all)
		for i := range all {
			err = errors.Join(err, completeGenerator(&all[i], &m, subject.kept))
		}
	}
	if err != nil {
		return p.recordFailure(dir, m, err)
	}
	// An interrupt ended the load; what the load left is judged all the same.
	merged, err := merge.Merge(context.WithoutCancel(ctx), []string{folder}, dir, merge.Options{AllowMissing: true})
	if err != nil {
		return p.recordFailure(dir, m, err)
	}
	return merged, nil
}

// recordFailure writes into the manifest that a run could not be made.
func (p *Pipeline) recordFailure(dir run.Dir, m run.Manifest, err error) (run.Manifest, error) {
	m.State, m.Reason = run.Failed, err.Error()
	return m, errors.Join(err, dir.WriteManifest(m))
}

// askBuilds returns the builds that the health call names, when no answer
// named one.
func (p *Pipeline) askBuilds(ctx context.Context, m run.Manifest, all []k6run.Generator) []run.Build {
	for i := range all {
		if len(all[i].Builds) > 0 {
			return nil
		}
	}
	return p.askAgain(ctx, m)
}

// completeGenerator writes into the directory of a generator what its own process
// cannot know: what was declared and is known of the target, and how k6 ended.
func completeGenerator(g *k6run.Generator, m *run.Manifest, kept map[string]any) error {
	own, err := generator.Read(g.Dir)
	if errors.Is(err, fs.ErrNotExist) { // it did not come to its first audit
		own, err = generator.Manifest{Run: g.Run, Name: g.Name, Segment: g.Segment, Sequence: g.Sequence, Base: m.Base, Start: m.Start}, nil
	}
	if err != nil {
		return err
	}
	copied := own.Spec.APICopy
	own.Spec = m.Spec
	own.Spec.APICopy = copied
	own.ToolVersion, own.K6Version = m.ToolVersion, m.K6Version
	own.TargetBuild, own.Dialect, own.Divided, own.CloudWatch = m.TargetBuild, m.Dialect, m.Divided, m.CloudWatch
	own.State, own.Reason = run.State(g.State), g.Reason
	if own.End.IsZero() {
		own.End = m.End
	}
	own.CPU = run.DurationText(g.CPU)
	own.Cores = float64(runtime.NumCPU()) / float64(m.Spec.Generators) // its fair share of the machine
	if g.Cores > 0 {
		own.Cores = min(own.Cores, g.Cores/float64(m.Spec.Generators))
	}
	if len(own.Builds) == 0 {
		own.Builds = m.Builds
	}
	if own.Sums == nil {
		err = own.HashFiles(g.Dir)
	}
	for name, v := range kept {
		err = errors.Join(err, run.WriteJSON(filepath.Join(g.Dir, name), v))
	}
	return errors.Join(err, generator.Write(g.Dir, own))
}

// copyTelemetry copies the telemetry of a run into the directories of its
// generators, so that the verdict can be repeated from these alone.
func copyTelemetry(dir run.Dir) error {
	folders, err := os.ReadDir(dir.File(generatorsFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	text, readErr := os.ReadFile(dir.File(run.CloudWatchFile))
	if err := errors.Join(err, readErr); err != nil {
		return err
	}
	for _, f := range folders {
		err = errors.Join(err, run.WriteFile(filepath.Join(dir.File(generatorsFolder), f.Name(), run.CloudWatchFile), text))
	}
	return err
}
