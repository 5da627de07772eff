package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/sanitize"
)

type checkOptions struct {
	command.Options
	historyFile
	path string
}

func newCheckCmd(env command.Env, run func(context.Context, *checkOptions) error) *cobra.Command {
	o := &checkOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:     "check [RUN|FILE.csv]",
		Short:   "Decide from the history alone which invariants the server broke",
		Long:    readLongHelp("check"),
		Example: "occbench check load_test_results/k6_move_20300115_081500",
		Args:    command.AtMostArgs(1, "one run directory or history file"),
	}
	load := command.BindSettings(cmd, env, "format", "shared-records", "api")
	o.historyFile.bind(cmd)
	runs := command.BindRuns(cmd, env, load)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.Settings, err = load(); err != nil {
			return err
		}
		if o.path, err = runs.ChooseOne(cmd, args); err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runCheck(_ context.Context, o *checkOptions) error {
	report, words, err := checkPath(o.path, o.Settings.Spec, &o.historyFile)
	if err != nil {
		return err
	}
	if err := printFindings(o.Env, o.Settings.Format, report, words); err != nil {
		return err
	}
	return exit.Silent(checkCode(report))
}

// checkPath judges a run directory, whose anomalies.json it writes, or a history
// by itself, of which the spec says the rest.
func checkPath(path string, s run.Spec, file *historyFile) (check.Report, noun.Words, error) {
	if isHistoryFile(path) {
		options, err := file.options(s)
		if err != nil {
			return check.Report{}, noun.Words{}, err
		}
		report, err := check.File(func() (io.ReadCloser, error) { return run.OpenFile(path) }, path, options)
		return report, options.API.Words, err
	}
	dir, err := run.Open(path)
	if err != nil {
		return check.Report{}, noun.Words{}, err
	}
	if err := file.refuseFlags(path, "api"); err != nil {
		return check.Report{}, noun.Words{}, err
	}
	shared := s.SharedRecords
	if m, err := dir.ReadManifest(); err == nil {
		shared, s.API, s.APICopy = shared || m.Spec.SharedRecords, m.Spec.API, m.Spec.APICopy
	}
	speaks, err := s.LoadAPI()
	if err != nil {
		return check.Report{}, noun.Words{}, err
	}
	report, err := pipeline.Check(dir, speaks, shared)
	return report, speaks.Words, err
}

func printFindings(env command.Env, format string, report check.Report, words noun.Words) error {
	sanitize.Texts(&report)
	if format != "json" {
		return env.Style().Anomalies(env.Stdout, report, words)
	}
	if err := command.PrintJSON(env.Stdout, &report); err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	return nil
}

func checkCode(r check.Report) int {
	switch {
	case !r.Judged:
		return exit.Inconclusive
	case len(r.Anomalies) > 0:
		return exit.Fail
	}
	return exit.OK
}
