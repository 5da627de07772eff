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
	dir string
}

func newGateCmd(env command.Env, run func(context.Context, *gateOptions) error) *cobra.Command {
	o := &gateOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:     "gate RUN",
		Short:   "Judge a run by the policy: PASS, FAIL or INCONCLUSIVE",
		Long:    long("gate"),
		Example: "occbench gate load_test_results/k6_move_20300115_081500",
		Args:    command.OneArg("run directory"),
	}
	load := command.Bind(cmd, env, "format")
	o.Judging.Bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.Settings, err = load(); err == nil {
			err = o.Judging.Read(o.Settings)
		}
		if err != nil {
			return err
		}
		o.dir = args[0]
		return run(cmd.Context(), o)
	}
	return cmd
}

func runGate(_ context.Context, o *gateOptions) error {
	dir, err := run.Open(o.dir)
	if err != nil {
		return err
	}
	verdict, err := pipeline.Gate(dir, o.Policy)
	if err != nil {
		return err
	}
	result, err := pipeline.Read(dir)
	if err != nil {
		return err
	}
	if err := printRun(o.Env, o.Settings.Format, result); err != nil {
		return err
	}
	return exit.Silent(verdictCode(verdict.Verdict))
}
