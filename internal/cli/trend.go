package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/trend"
	"github.com/occbench/occbench/reports/html"
	"github.com/occbench/occbench/reports/machine"
	"github.com/occbench/occbench/reports/text"
)

// trendFormats are the ways to write a trend.
func trendFormats(style text.Style) command.Formats[trend.Report] {
	return command.Formats[trend.Report]{
		{Name: "text", Write: style.Trend}, {Name: "json", Write: machine.Trend}, {Name: "html", Write: html.Trend},
	}
}

type trendOptions struct {
	command.Options
	format command.Format[trend.Report]
	folder string
}

func newTrendCmd(env command.Env, run func(context.Context, *trendOptions) error) *cobra.Command {
	o := &trendOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:     "trend [DIR]",
		Short:   "Line up the runs of a folder and find where their numbers changed",
		Long:    readLongHelp("trend"),
		Example: "occbench trend load_test_results",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return command.NewArgsError(cmd, "one folder of runs", args)
			}
			return nil
		},
	}
	load := command.BindSettings(cmd, env)
	var format string
	formats := trendFormats(env.Style())
	formats.Bind(cmd, &format)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.format, err = formats.Find(format); err == nil {
			o.Settings, err = load()
		}
		if err != nil {
			return err
		}
		o.folder = o.Settings.Out
		if len(args) == 1 {
			o.folder = args[0]
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runTrend(_ context.Context, o *trendOptions) error {
	report, err := trend.Read(o.folder)
	if err != nil {
		return err
	}
	if err := o.format.Write(o.Env.Stdout, report); err != nil {
		return err
	}
	path, err := pipeline.WriteIndex(o.folder, report)
	if err == nil && path != "" {
		fmt.Fprintln(o.Env.Stderr, "occbench: wrote "+path)
	}
	return err
}
