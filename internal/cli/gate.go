package cli

import (
	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/run"
)

func newGateCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "gate RUN",
		Short:   "Judge a run by the policy: PASS, FAIL or INCONCLUSIVE",
		Long:    long("gate"),
		Example: "occbench gate load_test_results/k6_move_20300115_081500",
		Args:    oneArg("run directory"),
	}
	load := bind(cmd, env, "format")
	var without bool
	cmd.Flags().BoolVar(&without, withoutCloudWatch, false, "judge without the server's own metrics and alarms")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		s, err := load()
		if err != nil {
			return err
		}
		policy, err := pipeline.Policy(s.Gates)
		if err != nil {
			return err
		}
		if without {
			policy.LeaveOutCloudWatch()
		}
		dir, err := run.Open(args[0])
		if err != nil {
			return err
		}
		verdict, err := pipeline.Gate(dir, policy)
		if err != nil {
			return err
		}
		result, err := pipeline.Read(dir)
		if err != nil {
			return err
		}
		if err := printRun(env, s.Format, result); err != nil {
			return err
		}
		return exit.Silent(verdictCode(verdict.Verdict))
	}
	return cmd
}
