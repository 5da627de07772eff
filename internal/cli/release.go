package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/release/lambda"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/reports/view"
)

var releaseFlags = []string{"alias", "lambda-endpoint", "releases", "update-timeout"}

// releaseOptions are one invocation of release.
type releaseOptions struct {
	command.Options
	command.Job
	dry   bool
	image string
	last  *view.Run // that validated
}

func newReleaseCmd(env command.Env, run func(context.Context, *releaseOptions) error) *cobra.Command {
	o := &releaseOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:     "release TAG",
		Short:   "Bring a build live, validate it, and roll it back when it does not pass",
		Long:    readLongHelp("release"),
		Example: "occbench release 1.5.0",
		Args:    command.OneArg("tag or image"),
	}
	load := command.BindSettings(cmd, env, command.JoinNames(command.TargetFlags, command.LoadFlags, command.MetricFlags, releaseFlags,
		[]string{"preview", "canary", "expect-build", "accept-inconclusive", "out", "format"})...)
	command.DescribeFlag(cmd, "target", "base `URL` under which the alias is validated; without it the alias's function URL")
	cmd.Flags().BoolVar(&o.dry, "dry-run", false, "print every call and change nothing")
	o.Job.Bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.Settings, err = load(); err == nil {
			err = o.Job.Read(o.Settings)
		}
		if err != nil {
			return err
		}
		o.image = args[0]
		return run(cmd.Context(), o)
	}
	return cmd
}

func runRelease(ctx context.Context, r *releaseOptions) error {
	image := r.image
	if err := lambda.CheckImage(image); err != nil {
		return err
	}
	expect := r.Settings.Release.ExpectBuild
	if expect == "" {
		expect = lambda.ImageTag(image)
	}
	if expect == "" {
		return exit.Usagef("releasing %s: it has no tag that would tell which build it is; give --expect-build, the version that its "+
			"health "+
			"call answers", image)
	}
	say := r.newPrinter()
	platform, err := lambda.Connect(ctx, lambdaOptions(r.Settings, r.dry, say))
	if err != nil {
		return err
	}
	preview, err := r.openPreview(ctx, say)
	if err != nil {
		return err
	}
	s := r.Settings.Release
	out, err := release.Release(ctx, release.Options{
		Platform: platform, Preview: preview, Name: lambda.Name, Image: image, Tag: lambda.ShortName(image), ExpectBuild: expect,
		URL:    r.Settings.Target,
		Canary: s.Canary, AcceptInconclusive: s.AcceptInconclusive, Dir: s.Dir, Dry: r.dry,
		Health: askHealth(r.newPipeline), Foresee: r.checkPlan, Validate: r.validate, Now: r.Env.Now, Say: say, Patience: readPatience(s),
	})
	if r.dry {
		if err == nil {
			fmt.Fprintln(r.Env.Stdout, "dry run: nothing was changed")
		}
		return err
	}
	return errors.Join(r.writeResult(out), checkOutcome(out, err))
}

// checkOutcome returns the error of a release that did not end at the new
// build.
func checkOutcome(out release.Outcome, err error) error {
	if err != nil || out.Record.State == release.StateReleased {
		return err
	}
	return exit.Silent(gate.Result(out.Verdict).ExitCode())
}

// newPrinter returns the function that prints progress: to stdout in a dry
// run, whose result the calls are.
func (r *releaseOptions) newPrinter() func(string, ...any) {
	w := r.Env.Stderr
	if r.dry {
		w = r.Env.Stdout
	}
	return sayTo(w)
}

func sayTo(w io.Writer) func(string, ...any) {
	return func(format string, args ...any) { fmt.Fprintln(w, command.JoinLines(fmt.Sprintf(format, args...))) }
}

// lambdaOptions is how the function of the settings is reached.
func lambdaOptions(s *settings.Settings, dry bool, say func(string, ...any)) lambda.Options {
	o := lambda.Options{
		Function: s.CloudWatch.Function, Alias: s.Release.Alias, Region: s.CloudWatch.Region, Profile: s.CloudWatch.Profile,
		Endpoint: s.Release.Endpoint, NeedURL: s.Target == "", Limit: s.Release.UpdateTimeout, Dry: dry,
	}
	if dry {
		o.Trace = say
	}
	return o
}

func readPatience(s settings.Release) release.Patience {
	return release.Patience{Undo: 2 * s.UpdateTimeout}
}

// newPipeline returns a pipeline for a target, with settings of its own.
func (r *releaseOptions) newPipeline(target string) *pipeline.Pipeline {
	p := command.NewPipeline(r.Env, r.Settings.WithTarget(target))
	r.Job.Configure(p)
	return p
}

// openPreview returns the platform for the second alias of the function; nil
// without one.
func (r *releaseOptions) openPreview(ctx context.Context, say func(string, ...any)) (release.Platform, error) {
	if r.Settings.Release.Preview == "" {
		return nil, nil
	}
	o := lambdaOptions(r.Settings, r.dry, say)
	o.Alias, o.NeedURL = r.Settings.Release.Preview, true
	platform, err := lambda.Connect(ctx, o)
	if err != nil {
		return nil, err
	}
	return platform, nil
}

// askHealth returns what asks the build at a URL for its name. Each URL has a
// pipeline of its own: what signs the requests for one host need not do for another.
func askHealth(pipelineOf func(url string) *pipeline.Pipeline) func(context.Context, string) (string, error) {
	known := map[string]*pipeline.Pipeline{}
	return func(ctx context.Context, url string) (string, error) {
		if known[url] == nil {
			known[url] = pipelineOf(url)
		}
		return known[url].Health(ctx)
	}
}

// checkPlan refuses a load that could not be decided, before anything is
// changed.
func (r *releaseOptions) checkPlan(ctx context.Context, url string) error {
	return r.newPipeline(url).CheckPlan(ctx, r.Policy)
}

// validate does the whole job of validate on what the alias serves.
func (r *releaseOptions) validate(ctx context.Context, url string, divided bool) release.Judgement {
	p := r.newPipeline(url)
	p.Divided = divided
	run, err := p.Validate(ctx, r.Policy)
	if run == nil {
		return release.Judgement{Err: err}
	}
	r.last = run
	j := release.Judgement{
		Verdict: release.Verdict(run.Verdict.Verdict), Partial: run.Verdict.Partial, Reasons: reason.Lines(run.Verdict.Reasons),
		Run: run.Directory, Err: err,
	}
	if run.Manifest != nil {
		j.Build = run.Manifest.TargetBuild
	}
	return j
}

// writeResult writes the report of the run that decided, with the outcome of
// the release, and the release in one line.
func (r *releaseOptions) writeResult(out release.Outcome) error {
	if out.File == "" {
		return nil
	}
	if err := r.redrawReports(out); err != nil {
		return err
	}
	if r.Settings.Format == "json" {
		return command.PrintJSON(r.Env.Stdout, out.Record)
	}
	if r.last != nil {
		if err := r.Env.Style().Report(r.Env.Stdout, *r.last); err != nil {
			return err
		}
		fmt.Fprintln(r.Env.Stdout)
	}
	fmt.Fprintf(r.Env.Stdout, "%s  %s\n", nameState(out.Record.State), command.JoinLines(out.Record.Outcome))
	return nil
}

// redrawReports draws the reports of the runs again, with the outcome of the
// release.
func (r *releaseOptions) redrawReports(out release.Outcome) error {
	if err := out.WriteSummaries(); err != nil {
		return err
	}
	for _, path := range out.Runs {
		dir, err := run.Open(path)
		if err != nil {
			return err
		}
		result, err := pipeline.DrawReports(dir)
		if err != nil {
			return err
		}
		r.last = &result
	}
	if r.last == nil {
		return nil
	}
	return command.ReportToGitHub(r.Env, *r.last)
}

// nameState returns the first word of the line about a release.
func nameState(s release.State) string {
	switch s {
	case release.StateReleased:
		return "RELEASED"
	case release.StateRolledBack:
		return "ROLLED BACK"
	}
	return "STRANDED"
}
