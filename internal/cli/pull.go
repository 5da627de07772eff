package cli

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/reports"
)

// withoutCloudWatch is the flag that leaves CloudWatch out of a verdict.
const withoutCloudWatch = "without-cloudwatch"

func newPullCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "pull RUN",
		Short:   "Fetch the server's own metrics and alarms of a run from CloudWatch",
		Long:    long("pull"),
		Example: "occbench pull load_test_results/k6_move_20300115_081500",
		Args:    oneArg("run directory"),
	}
	load := bind(cmd, env, names(metricFlags, []string{"format"})...)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		s, err := load()
		if err != nil {
			return err
		}
		dir, err := run.Open(args[0])
		if err != nil {
			return err
		}
		report, _, err := newPipeline(env, s).Pull(cmd.Context(), dir)
		if err != nil {
			return err
		}
		if err := printPulled(env.Stdout, s.Format, dir, report); err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.Stderr, "occbench: judge the run with `occbench gate %s`\n", dir.Path())
		return err
	}
	return cmd
}

func printPulled(w io.Writer, format string, dir run.Dir, report telemetry.Report) error {
	if format != "json" {
		result, err := pipeline.Read(dir)
		if err != nil {
			return err
		}
		return reports.CloudWatch(w, result)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(&report); err != nil {
		return fmt.Errorf("writing what was pulled: %w", err)
	}
	return nil
}
