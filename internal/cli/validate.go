package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/settings"
)

type validateOptions struct {
	command.Options
	command.Job
	command.Progress
	k6Args []string
}

func newValidateCmd(env command.Env, run func(context.Context, *validateOptions) error) *cobra.Command {
	o := &validateOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:   "validate [flags] [-- K6 ARGUMENTS]",
		Short: "Do the whole job: probe, seed, run, check, pull, gate, report",
		Long:  readLongHelp("validate"),
		Args:  command.CheckAfterDash,
	}
	load := command.BindSettings(cmd, env, command.JoinNames(command.TargetFlags, command.LoadFlags, command.BrowserFlags,
		command.ServerFlags, command.MetricFlags, []string{"out", "format", "upload"})...)
	o.Job.Bind(cmd)
	o.Progress.Bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.Settings, err = load(); err == nil {
			err = refuseBundledSettings(o.Settings)
		}
		if err == nil {
			err = o.Job.Read(o.Settings)
		}
		if err == nil {
			err = o.Progress.Check(cmd)
		}
		if err != nil {
			return err
		}
		o.k6Args = args
		return run(cmd.Context(), o)
	}
	return cmd
}

func runValidate(ctx context.Context, o *validateOptions) error {
	p := command.NewPipeline(o.Env, o.Settings)
	p.K6Args = o.k6Args
	o.Job.Configure(p)
	done, farewell := o.Progress.Open(o.Env, p), command.SayWhatIsLeft(ctx, o.Env, p)
	run, failed := p.Validate(ctx, o.Policy)
	farewell()
	done()
	if run == nil {
		return failed
	}
	if err := errors.Join(printRun(o.Env, o.Settings.Format, *run, o.Progress.Quiet), command.ReportToGitHub(o.Env, *run)); err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	return exit.Silent(run.Verdict.Verdict.ExitCode())
}

// refuseBundledSettings refuses settings of the bundled server together with a
// target, where they would have no effect.
func refuseBundledSettings(s *settings.Settings) error {
	if s.Target == "" {
		if src := s.Source("auth"); src.Kind == "flag" && s.Authentication().Scheme != auth.None {
			return exit.Usagef("%s is about a target and cannot take effect on the bundled server, which asks for no authentication; give "+
				"--target too", src.Where)
		}
		return refuseMetricsFlags(s)
	}
	for _, name := range command.ServerFlags {
		if src := s.Source(name); src.Kind == "flag" {
			return exit.Usagef("%s is about the bundled server and cannot take effect beside the target from %s; give one of them",
				src.Where,
				s.Source("target").Where)
		}
	}
	return nil
}

// refuseMetricsFlags refuses flags about the place of the metrics for the
// bundled server, which has a CloudWatch of its own.
func refuseMetricsFlags(s *settings.Settings) error {
	for _, name := range []string{"aws-region", "aws-endpoint", "aws-profile", "function"} {
		if src := s.Source(name); src.Kind == "flag" && s.Metrics != "cloudwatch" {
			return exit.Usagef("%s cannot take effect: the bundled server publishes to a CloudWatch of its own; give --metrics "+
				"cloudwatch too, "+
				"or --target", src.Where)
		}
	}
	return nil
}
