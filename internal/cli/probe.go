package cli

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/probe"
)

func newProbeCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "probe",
		Short: "Ask the target the contract of the move API, line by line",
		Long:  long("probe"),
		Args:  noArgs,
	}
	load := bind(cmd, env, names(targetFlags, []string{"format"})...)
	tellFlag(cmd, "target", targetUsage)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := load()
		if err != nil {
			return err
		}
		result, err := newPipeline(env, withTarget(s)).Probe(cmd.Context())
		if err != nil {
			return err
		}
		if err := printProbe(env, s.Format, &result); err != nil {
			return err
		}
		return probeExit(&result)
	}
	return cmd
}

func printProbe(env Env, format string, r *probe.Result) error {
	if format != "json" {
		return r.WriteText(env.Stdout)
	}
	e := json.NewEncoder(env.Stdout)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// probeExit is 1 for a target that differs from the contract, 3 for one that
// could not be asked everything, 4 for one that is none.
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
