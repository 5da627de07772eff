package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/reports/text"
)

type pullOptions struct {
	command.Options
	dir string
}

func newPullCmd(env command.Env, run func(context.Context, *pullOptions) error) *cobra.Command {
	o := &pullOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:     "pull RUN",
		Short:   "Fetch the server's own metrics and alarms of a run from CloudWatch",
		Long:    long("pull"),
		Example: "occbench pull load_test_results/k6_move_20300115_081500",
		Args:    command.OneArg("run directory"),
	}
	load := command.Bind(cmd, env, command.Names(command.MetricFlags, []string{"format"})...)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.Settings, err = load(); err != nil {
			return err
		}
		o.dir = args[0]
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
	if err := printPulled(o.Env.Stdout, o.Settings.Format, dir, report); err != nil {
		return err
	}
	_, err = fmt.Fprintf(o.Env.Stderr, "occbench: judge the run with `occbench gate %s`\n", dir.Path())
	return err
}

func printPulled(w io.Writer, format string, dir run.Dir, report telemetry.Report) error {
	if format != "json" {
		result, err := pipeline.Read(dir)
		if err != nil {
			return err
		}
		return text.CloudWatch(w, result)
	}
	if err := command.PrintJSON(w, &report); err != nil {
		return fmt.Errorf("writing what was pulled: %w", err)
	}
	return nil
}
