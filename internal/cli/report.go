package cli

import (
	"bytes"
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports"
)

type reportOptions struct {
	command.Options
	format reports.Format
	output string
	dir    string
}

func newReportCmd(env command.Env, run func(context.Context, *reportOptions) error) *cobra.Command {
	o := &reportOptions{Options: command.Options{Env: env}}
	var format string
	cmd := &cobra.Command{
		Use:     "report RUN",
		Short:   "Write the report of a run, in any format",
		Long:    long("report"),
		Example: "occbench report load_test_results/k6_move_20300115_081500",
		Args:    command.OneArg("run directory"),
	}
	cmd.Flags().StringVar(&format, "format", "text", "`FORMAT` of the report: "+strings.Join(formatNames(), ", "))
	cmd.Flags().StringVarP(&o.output, "output", "o", "-", "`FILE` to write it to; - is stdout")
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.format, err = formatOf(format); err != nil {
			return err
		}
		if o.output == "" {
			return exit.Usagef("--output wants a file; - is stdout")
		}
		o.dir = args[0]
		return run(cmd.Context(), o)
	}
	return cmd
}

func runReport(_ context.Context, o *reportOptions) error {
	dir, err := run.Open(o.dir)
	if err != nil {
		return err
	}
	result, err := pipeline.Read(dir)
	if err != nil {
		return err
	}
	if o.output == "-" {
		return o.format.Write(o.Env.Stdout, result)
	}
	var drawn bytes.Buffer
	if err := o.format.Write(&drawn, result); err != nil {
		return err
	}
	return run.WriteFile(o.output, drawn.Bytes())
}

func formatNames() []string {
	var names []string
	for _, f := range reports.Formats() {
		names = append(names, f.Name)
	}
	return names
}

func formatOf(name string) (reports.Format, error) {
	for _, f := range reports.Formats() {
		if f.Name == name {
			return f, nil
		}
	}
	return reports.Format{}, exit.Usagef("--format: %q is not one of %s", name, strings.Join(formatNames(), ", "))
}
