package cli

import (
	"bytes"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/rundir"
	"github.com/occbench/occbench/internal/trend"
	"github.com/occbench/occbench/reports"
)

// trendFormats are the ways to write a trend.
var trendFormats = formats[trend.Report]{{"text", reports.TrendText}, {"json", reports.TrendJSON}, {"html", reports.TrendHTML}}

// indexFile lists all runs of a folder.
const indexFile = "index.html"

func newTrendCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "trend [DIR]",
		Short:   "Line up the runs of a folder and find where their numbers changed",
		Long:    long("trend"),
		Example: "occbench trend load_test_results",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(fmt.Errorf("%s wants one folder of runs, e.g. `%s`; got %d arguments", cmd.CommandPath(), cmd.Example, len(args)))
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
		return writeIndex(env, folder, report)
	}
	return cmd
}

// writeIndex writes the list of runs beside them. A folder without runs is not
// ours to write to.
func writeIndex(env Env, folder string, report trend.Report) error {
	if len(report.Runs) == 0 {
		return nil
	}
	var page bytes.Buffer
	if err := reports.TrendHTML(&page, report); err != nil {
		return err
	}
	path := filepath.Join(folder, indexFile)
	if err := rundir.WriteFile(path, page.Bytes()); err != nil {
		return err
	}
	fmt.Fprintln(env.Stderr, "occbench: wrote "+path)
	return nil
}
