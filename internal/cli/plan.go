package cli

import (
	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reports"
)

func newPlanCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Say what a run can show, before it is made",
		Long:  long("plan"),
		Args:  noArgs,
	}
	load := bind(cmd, env, names(targetFlags, loadFlags, []string{"format"})...)
	tellFlag(cmd, "target", "base `URL` of the move API whose latency is measured; without it nobody is asked")
	var board, move string
	cmd.Flags().StringVar(&board, "board-latency", "", "`TIME` that reading the board takes, as --think; without it the target is asked")
	cmd.Flags().StringVar(&move, "move-latency", "", "`TIME` that a move takes, as --think")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := load()
		if err != nil {
			return err
		}
		var o pipeline.PlanOptions
		if o.Board, err = latency("--board-latency", board); err == nil {
			o.Move, err = latency("--move-latency", move)
		}
		if err != nil {
			return err
		}
		policy, err := pipeline.Policy(s.Gates)
		if err != nil {
			return err
		}
		plan, err := newPipeline(env, s).Plan(cmd.Context(), policy, o)
		if err != nil {
			return err
		}
		if err := printPlan(env, s.Format, plan); err != nil {
			return err
		}
		if !plan.Ready {
			return exit.Silent(exit.Inconclusive)
		}
		return nil
	}
	return cmd
}

// latency reads the latency of a flag; nil when it was not given.
func latency(flag, text string) (workload.Delay, error) {
	if text == "" {
		return nil, nil
	}
	d, err := workload.ParseDelay(text)
	if err != nil {
		return nil, exit.Usagef("%s: %w", flag, err)
	}
	return d, nil
}

func printPlan(env Env, format string, plan reports.Plan) error {
	if format == "json" {
		return reports.PlanJSON(env.Stdout, plan)
	}
	return reports.PlanText(env.Stdout, plan)
}
