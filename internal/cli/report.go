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
	"github.com/occbench/occbench/reports/view"
)

type reportOptions struct {
	command.Options
	format reports.Format
	output string
	dir    string

	historyFile
	command.Judging
}

func newReportCmd(env command.Env, run func(context.Context, *reportOptions) error) *cobra.Command {
	o := &reportOptions{Options: command.Options{Env: env}}
	var format string
	cmd := &cobra.Command{
		Use:     "report [RUN|FILE.csv]",
		Short:   "Write the report of a run, in any format",
		Long:    readLongHelp("report"),
		Example: "occbench report load_test_results/k6_move_20300115_081500",
		Args:    command.AtMostArgs(1, "one run directory or history file"),
	}
	cmd.Flags().StringVar(&format, "format", "text", "`FORMAT` of the report: "+strings.Join(formatNames(), ", "))
	command.CompleteFlag(cmd, "format", formatNames()...)
	cmd.Flags().StringVarP(&o.output, "output", "o", "-", "`FILE` to write it to; - is stdout")
	load := command.BindSettings(cmd, env, "shared-records", "api")
	o.historyFile.bind(cmd)
	runs := command.BindRuns(cmd, env, load)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.format, err = formatOf(format); err != nil {
			return err
		}
		if o.output == "" {
			return exit.Usagef("--output wants a file; - is stdout")
		}
		if o.dir, err = runs.ChooseOne(cmd, args); err != nil {
			return err
		}
		if isHistoryFile(o.dir) {
			if o.Settings, err = load(); err == nil {
				err = o.Judging.Read(o.Settings)
			}
		} else {
			err = o.refuseFlags(o.dir, "api", "shared-records")
		}
		if err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runReport(_ context.Context, o *reportOptions) error {
	result, err := readReported(o)
	if err != nil {
		return err
	}
	if o.output == "-" && o.format.Name == "text" {
		return o.Env.Style().Report(o.Env.Stdout, result)
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

// readReported returns what is reported: of a run what was judged before, of a history
// by itself what the policy says of it.
func readReported(o *reportOptions) (view.Run, error) {
	if isHistoryFile(o.dir) {
		options, err := o.options(o.Settings.Spec)
		if err != nil {
			return view.Run{}, err
		}
		return pipeline.JudgeFile(o.dir, o.Policy, options)
	}
	dir, err := run.Open(o.dir)
	if err != nil {
		return view.Run{}, err
	}
	return pipeline.Read(dir)
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
	return reports.Format{}, command.RefuseValue("format", name, formatNames())
}
