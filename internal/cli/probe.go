package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/probe"
)

type probeOptions struct{ command.Options }

func newProbeCmd(env command.Env, run func(context.Context, *probeOptions) error) *cobra.Command {
	o := &probeOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:   "probe",
		Short: "Check line by line whether the target keeps the contract of the API",
		Long:  readLongHelp("probe"),
		Args:  command.NoArgs,
	}
	load := command.BindSettings(cmd, env, command.JoinNames(command.TargetFlags, []string{"format"})...)
	command.DescribeFlag(cmd, "target", command.TargetUsage)
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if o.Settings, err = load(); err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runProbe(ctx context.Context, o *probeOptions) error {
	result, err := command.NewPipeline(o.Env, command.WithDefaultTarget(o.Settings)).Probe(ctx)
	if err != nil {
		return err
	}
	write := result.WriteText
	if o.Settings.Format == "json" {
		write = func(w io.Writer) error { return command.PrintJSON(w, &result) }
	}
	if err := write(o.Env.Stdout); err != nil {
		return err
	}
	return probeExit(&result)
}

// probeExit returns the error of a result: Fail for a target that differs from the contract, Inconclusive for one that
// could not be asked everything, Broken for one that does not speak the contract.
func probeExit(r *probe.Result) error {
	if err := r.Err(); err != nil {
		return err
	}
	if r.Verdict == probe.Deviant {
		return exit.Silent(exit.Fail)
	}
	for _, line := range r.Lines {
		if line.State == probe.Unasked {
			return exit.Silent(exit.Inconclusive)
		}
	}
	return nil
}
