package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/trend"
	"github.com/occbench/occbench/reports"
)

// trendFormats are the ways to write a trend.
var trendFormats = formats[trend.Report]{{"text", reports.TrendText}, {"json", reports.TrendJSON}, {"html", reports.TrendHTML}}

func newTrendCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "trend [DIR]",
		Short:   "Line up the runs of a folder and find where their numbers changed",
		Long:    long("trend"),
		Example: "occbench trend load_test_results",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return wants(cmd, "one folder of runs", args)
			}
			return nil
		},
	}
	load := bind(cmd, env)
	format := trendFormats.flag(cmd)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		write, err := trendFormats.find(*format)
		if err != nil {
			return err
		}
		s, err := load()
		if err != nil {
			return err
		}
		folder := s.Out
		if len(args) == 1 {
			folder = args[0]
		}
		report, err := trend.Read(folder)
		if err != nil {
			return err
		}
		if err := write(env.Stdout, report); err != nil {
			return err
		}
		path, err := pipeline.WriteIndex(folder, report)
		if err == nil && path != "" {
			fmt.Fprintln(env.Stderr, "occbench: wrote "+path)
		}
		return err
	}
	return cmd
}
