package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/release/lambda"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/reports"
)

var releaseFlags = []string{"alias", "lambda-endpoint", "releases", "update-timeout"}

func newReleaseCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "release TAG",
		Short:   "Bring a build live, validate it, and go back by itself when it is not good enough",
		Long:    long("release"),
		Example: "occbench release 1.5.0",
		Args:    oneArg("tag or image"),
	}
	load := bind(cmd, env, names(targetFlags, loadFlags, metricFlags, releaseFlags, []string{"preview", "canary", "expect-build", "accept-inconclusive", "out", "format"})...)
	tellFlag(cmd, "target", "base `URL` under which the alias is validated; without it the alias's function URL")
	r := releasing{env: env}
	cmd.Flags().BoolVar(&r.dry, "dry-run", false, "print every call and change nothing")
	cmd.Flags().BoolVar(&r.without, withoutCloudWatch, false, "do not look at the server's own metrics and alarms")
	cmd.Flags().BoolVar(&r.force, "force", false, "validate also with a load that the plan says is in vain")
	r.early.bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		s, err := load()
		if err == nil {
			s, err = r.early.apply(cmd, s)
		}
		if err != nil {
			return err
		}
		r.settings = s
		if r.policy, err = pipeline.Policy(s.Gates); err != nil {
			return err
		}
		if r.without {
			r.policy.LeaveOutCloudWatch()
		}
		return r.run(cmd.Context(), args[0])
	}
	return cmd
}

// releasing is one invocation of release.
type releasing struct {
	env                 Env
	settings            *settings.Settings
	policy              gate.Policy
	early               earlyEnd
	dry, without, force bool
	last                *reports.Run // that validated
}

func (r *releasing) run(ctx context.Context, image string) error {
	if err := lambda.Check(image); err != nil {
		return err
	}
	expect := r.settings.Release.ExpectBuild
	if expect == "" {
		expect = lambda.Tag(image)
	}
	if expect == "" {
		return exit.Usagef("releasing %s: it has no tag that would tell which build it is; give --expect-build, the version that its health call answers", image)
	}
	say := r.say()
	platform, err := lambda.Connect(ctx, lambdaOptions(r.settings, r.dry, say))
	if err != nil {
		return err
	}
	preview, err := r.preview(ctx, say)
	if err != nil {
		return err
	}
	s := r.settings.Release
	out, err := release.Release(ctx, release.Options{
		Platform: platform, Preview: preview, Name: lambda.Name, Image: image, Tag: lambda.Short(image), ExpectBuild: expect, URL: r.settings.Target,
		Canary: s.Canary, AcceptInconclusive: s.AcceptInconclusive, Dir: s.Dir, Dry: r.dry,
		Health: askHealth(r.pipeline), Foresee: r.foresee, Validate: r.validate, Now: r.env.Now, Say: say, Patience: patience(s),
	})
	if r.dry {
		if err == nil {
			fmt.Fprintln(r.env.Stdout, "dry run: nothing was changed")
		}
		return err
	}
	return errors.Join(r.tell(out), ended(out, err))
}

// ended is the error of a release that did not end at the new build.
func ended(out release.Outcome, err error) error {
	if err != nil || out.Record.State == release.StateReleased {
		return err
	}
	return exit.Silent(verdictCode(gate.Result(out.Verdict)))
}

// say writes to stdout in a dry run, whose result the calls are.
func (r *releasing) say() func(string, ...any) {
	w := r.env.Stderr
	if r.dry {
		w = r.env.Stdout
	}
	return sayTo(w)
}

func sayTo(w io.Writer) func(string, ...any) {
	return func(format string, args ...any) { fmt.Fprintln(w, oneLine(fmt.Sprintf(format, args...))) }
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

func patience(s settings.Release) release.Patience {
	return release.Patience{Undo: 2 * s.UpdateTimeout}
}

// pipeline returns one for a target, with settings of its own.
func (r *releasing) pipeline(target string) *pipeline.Pipeline {
	p := newPipeline(r.env, r.settings.WithTarget(target))
	p.Force, p.WithoutCloudWatch = r.force, r.without
	p.Watch = pipeline.Watch{UntilDecided: r.early.untilDecided, FailFast: r.early.failFast, Policy: r.policy}
	return p
}

// preview is the function by its second alias; nil without one.
func (r *releasing) preview(ctx context.Context, say func(string, ...any)) (release.Platform, error) {
	if r.settings.Release.Preview == "" {
		return nil, nil
	}
	o := lambdaOptions(r.settings, r.dry, say)
	o.Alias, o.NeedURL = r.settings.Release.Preview, true
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
		h, err := known[url].Health(ctx)
		return h.Version, err
	}
}

// foresee refuses a load that could not decide, before anything is changed.
func (r *releasing) foresee(ctx context.Context, url string) error {
	return r.pipeline(url).Foresee(ctx, r.policy)
}

// validate does the whole job of validate on what the alias serves.
func (r *releasing) validate(ctx context.Context, url string, divided bool) release.Judgement {
	p := r.pipeline(url)
	p.Divided = divided
	run, err := p.Validate(ctx, r.policy)
	if run == nil {
		return release.Judgement{Err: err}
	}
	r.last = run
	j := release.Judgement{
		Verdict: release.Verdict(run.Verdict.Verdict), Partial: run.Verdict.Partial, Reasons: run.Verdict.Reasons, Run: run.Directory, Err: err,
	}
	if run.Manifest != nil {
		j.Build = run.Manifest.TargetBuild
	}
	return j
}

// tell writes the result: the report of the run that decided, which says now
// what became of the release, and the release in one line.
func (r *releasing) tell(out release.Outcome) error {
	if out.File == "" {
		return nil
	}
	if err := r.redraw(out); err != nil {
		return err
	}
	if r.settings.Format == "json" {
		return printJSON(r.env.Stdout, out.Record)
	}
	if r.last != nil {
		if err := reports.Text(r.env.Stdout, *r.last); err != nil {
			return err
		}
		fmt.Fprintln(r.env.Stdout)
	}
	fmt.Fprintf(r.env.Stdout, "%s  %s\n", word(out.Record.State), oneLine(out.Record.Outcome))
	return nil
}

// redraw draws the reports of the runs again, with the end of the release.
func (r *releasing) redraw(out release.Outcome) error {
	if err := out.Summaries(); err != nil {
		return err
	}
	for _, path := range out.Runs {
		dir, err := run.Open(path)
		if err != nil {
			return err
		}
		result, err := pipeline.Report(dir)
		if err != nil {
			return err
		}
		r.last = &result
	}
	if r.last == nil {
		return nil
	}
	return tellGitHub(r.env, *r.last)
}

// word is the first word of the line about a release.
func word(s release.State) string {
	switch s {
	case release.StateReleased:
		return "RELEASED"
	case release.StateRolledBack:
		return "ROLLED BACK"
	}
	return "STRANDED"
}
