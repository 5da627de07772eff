package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/reports"
)

func newValidateCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "validate [flags] [-- K6 ARGUMENTS]",
		Short: "Do the whole job: probe, seed, run, check, pull, gate, report",
		Long:  long("validate"),
		Args:  afterDash,
	}
	load := bind(cmd, env, names(targetFlags, loadFlags, browserFlags, serverFlags, metricFlags, []string{"out", "format"})...)
	var force bool
	var early earlyEnd
	var shown progress
	var without bool
	cmd.Flags().BoolVar(&without, withoutCloudWatch, false, "do not look at the server's own metrics and alarms")
	cmd.Flags().BoolVar(&force, "force", false, "run also what the plan says is in vain")
	early.bind(cmd)
	shown.bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		s, err := load()
		if err == nil {
			err = bundledOnly(s)
		}
		if err == nil {
			s, err = early.apply(cmd, s)
		}
		if err != nil {
			return err
		}
		policy, err := pipeline.Policy(s.Gates)
		if err != nil {
			return err
		}
		if without {
			policy.LeaveOutCloudWatch()
		}
		p := newPipeline(env, s)
		p.K6Args, p.Force, p.WithoutCloudWatch = args, force, without
		p.Watch = pipeline.Watch{UntilDecided: early.untilDecided, FailFast: early.failFast, Policy: policy}
		done, err := shown.open(cmd, env, p)
		if err != nil {
			return err
		}
		run, failed := p.Validate(cmd.Context(), policy)
		done()
		if run == nil {
			return failed
		}
		if err := errors.Join(printRun(env, s.Format, *run), tellGitHub(env, *run)); err != nil {
			return err
		}
		if failed != nil {
			return failed
		}
		return exit.Silent(verdictCode(run.Verdict.Verdict))
	}
	return cmd
}

// bundledOnly refuses settings of the bundled server beside a target: they
// could not take effect.
func bundledOnly(s *settings.Settings) error {
	if s.Target == "" {
		if src := s.Source("auth"); src.Kind == "flag" && s.Authentication().Scheme != auth.None {
			return exit.Usagef("%s is about a target and cannot take effect on the bundled server, which lets everybody in; give --target too", src.Where)
		}
		return localMetrics(s)
	}
	for _, name := range serverFlags {
		if src := s.Source(name); src.Kind == "flag" {
			return exit.Usagef("%s is about the bundled server and cannot take effect beside the target from %s; give one of them", src.Where, s.Source("target").Where)
		}
	}
	return nil
}

// localMetrics refuses to be told where the metrics are of a server that brings
// its own CloudWatch.
func localMetrics(s *settings.Settings) error {
	for _, name := range []string{"aws-region", "aws-endpoint", "aws-profile", "function"} {
		if src := s.Source(name); src.Kind == "flag" && s.Metrics != "cloudwatch" {
			return exit.Usagef("%s cannot take effect: the bundled server publishes to a CloudWatch of its own; give --metrics cloudwatch too, or --target", src.Where)
		}
	}
	return nil
}

// afterDash lets through what stands after -- and nothing else.
func afterDash(cmd *cobra.Command, args []string) error {
	if dash := cmd.ArgsLenAtDash(); dash == 0 {
		return nil
	} else if dash > 0 {
		args = args[:dash]
	}
	return noArgs(cmd, args)
}

// printRun writes the result to stdout.
func printRun(env Env, format string, run reports.Run) error {
	if format == "json" {
		return reports.JSON(env.Stdout, run)
	}
	return reports.Text(env.Stdout, run)
}
