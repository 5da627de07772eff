package cli

import (
	"bytes"
	"strings"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports"
)

func newReportCmd(env Env) *cobra.Command {
	var format, output string
	cmd := &cobra.Command{
		Use:     "report RUN",
		Short:   "Draw what was decided about a run",
		Long:    long("report"),
		Example: "occbench report load_test_results/k6_move_20300115_081500",
		Args:    oneArg("run directory"),
	}
	cmd.Flags().StringVar(&format, "format", "text", "`FORMAT` of the report: "+strings.Join(formatNames(), ", "))
	cmd.Flags().StringVarP(&output, "output", "o", "-", "`FILE` to write it to; - is stdout")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		f, err := formatOf(format)
		if err != nil {
			return err
		}
		if output == "" {
			return exit.Usagef("--output wants a file; - is stdout")
		}
		dir, err := run.Open(args[0])
		if err != nil {
			return err
		}
		result, err := pipeline.Read(dir)
		if err != nil {
			return err
		}
		if output == "-" {
			return f.Write(env.Stdout, result)
		}
		var drawn bytes.Buffer
		if err := f.Write(&drawn, result); err != nil {
			return err
		}
		return run.WriteFile(output, drawn.Bytes())
	}
	return cmd
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
