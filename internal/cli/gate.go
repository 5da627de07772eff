package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/run"
)

type gateOptions struct {
	command.Options
	command.Judging
	historyFile
	dir string
}

func newGateCmd(env command.Env, run func(context.Context, *gateOptions) error) *cobra.Command {
	o := &gateOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:     "gate [RUN|FILE.csv]",
		Short:   "Judge a run by the policy: PASS, FAIL or INCONCLUSIVE",
		Long:    readLongHelp("gate"),
		Example: "occbench gate load_test_results/k6_move_20300115_081500",
		Args:    command.AtMostArgs(1, "one run directory or history file"),
	}
	load := command.BindSettings(cmd, env, "format", "shared-records", "api")
	o.historyFile.bind(cmd)
	o.Judging.Bind(cmd)
	runs := command.BindRuns(cmd, env, load)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.Settings, err = load(); err == nil {
			err = o.Judging.Read(o.Settings)
		}
		if err != nil {
			return err
		}
		if o.dir, err = runs.ChooseOne(cmd, args); err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runGate(_ context.Context, o *gateOptions) error {
	if isHistoryFile(o.dir) {
		return judgeFile(o)
	}
	dir, err := run.Open(o.dir)
	if err == nil {
		err = o.refuseFlags(o.dir, "api", "shared-records")
	}
	if err != nil {
		return err
	}
	verdict, err := pipeline.Gate(dir, o.Policy)
	if err != nil {
		return err
	}
	result, err := pipeline.DrawReports(dir) // the reports of the verdict before it would be wrong
	if err != nil {
		return err
	}
	if err := printRun(o.Env, o.Settings.Format, result, false); err != nil {
		return err
	}
	return exit.Silent(verdict.Verdict.ExitCode())
}

// judgeFile judges a history without a run directory.
func judgeFile(o *gateOptions) error {
	options, err := o.options(o.Settings.Spec)
	if err != nil {
		return err
	}
	result, err := pipeline.JudgeFile(o.dir, o.Policy, options)
	if err != nil {
		return err
	}
	if err := printRun(o.Env, o.Settings.Format, result, false); err != nil {
		return err
	}
	return exit.Silent(result.Verdict.Verdict.ExitCode())
}
