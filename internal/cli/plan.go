package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reports/machine"
	"github.com/occbench/occbench/reports/view"
)

type planOptions struct {
	command.Options
	command.Judging
	pipeline.PlanOptions
}

func newPlanCmd(env command.Env, run func(context.Context, *planOptions) error) *cobra.Command {
	o := &planOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what a run can decide, before it is made",
		Long:  readLongHelp("plan"),
		Args:  command.NoArgs,
	}
	load := command.BindSettings(cmd, env, command.JoinNames(command.TargetFlags, command.LoadFlags, []string{"format"})...)
	command.DescribeFlag(cmd, "target", "base `URL` of the API whose latency is measured; without it no call is made")
	var list, update string
	cmd.Flags().StringVar(&list, "read-latency", "", "`TIME` that reading the list takes, as --think; without it the target is measured")
	cmd.Flags().StringVar(&update, "update-latency", "", "`TIME` that an update takes, as --think")
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if o.Settings, err = load(); err == nil {
			o.ReadLatency, err = parseLatency("--read-latency", list)
		}
		if err == nil {
			o.UpdateLatency, err = parseLatency("--update-latency", update)
		}
		if err == nil {
			err = o.Judging.Read(o.Settings)
		}
		if err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runPlan(ctx context.Context, o *planOptions) error {
	plan, err := command.NewPipeline(o.Env, o.Settings).Plan(ctx, o.Policy, o.PlanOptions)
	if err != nil {
		return err
	}
	if err := printPlan(o.Env, o.Settings.Format, plan); err != nil {
		return err
	}
	if !plan.Ready {
		return exit.Silent(exit.Inconclusive)
	}
	return nil
}

// parseLatency reads the latency of a flag; nil when it was not given.
func parseLatency(flag, text string) (workload.Delay, error) {
	if text == "" {
		return nil, nil
	}
	d, err := workload.ParseDelay(text)
	if err != nil {
		return nil, exit.Usagef("%s: %w", flag, err)
	}
	return d, nil
}

func printPlan(env command.Env, format string, plan view.Plan) error {
	if format == "json" {
		return machine.Plan(env.Stdout, plan)
	}
	return env.Style().Plan(env.Stdout, plan)
}
