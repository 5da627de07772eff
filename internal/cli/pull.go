package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/telemetry"
)

type pullOptions struct {
	command.Options
	dir string
}

func newPullCmd(env command.Env, run func(context.Context, *pullOptions) error) *cobra.Command {
	o := &pullOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:     "pull [RUN]",
		Short:   "Fetch the server's own metrics and alarms of a run from CloudWatch",
		Long:    readLongHelp("pull"),
		Example: "occbench pull load_test_results/k6_move_20300115_081500",
		Args:    command.AtMostArgs(1, "one run directory"),
	}
	load := command.BindSettings(cmd, env, command.JoinNames(command.MetricFlags, []string{"format"})...)
	runs := command.BindRuns(cmd, env, load)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.Settings, err = load(); err != nil {
			return err
		}
		if o.dir, err = runs.ChooseOne(cmd, args); err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runPull(ctx context.Context, o *pullOptions) error {
	dir, err := run.Open(o.dir)
	if err != nil {
		return err
	}
	report, _, err := command.NewPipeline(o.Env, o.Settings).Pull(ctx, dir)
	if err != nil {
		return err
	}
	if err := printPulled(o.Env, o.Settings.Format, dir, report); err != nil {
		return err
	}
	_, err = fmt.Fprintf(o.Env.Stderr, "occbench: judge the run with `occbench gate %s`\n", dir.Path())
	return err
}

func printPulled(env command.Env, format string, dir run.Dir, report telemetry.Report) error {
	if format != "json" {
		result, err := pipeline.Read(dir)
		if err != nil {
			return err
		}
		return env.Style().CloudWatch(env.Stdout, result)
	}
	if err := command.PrintJSON(env.Stdout, &report); err != nil {
		return fmt.Errorf("writing what was pulled: %w", err)
	}
	return nil
}
