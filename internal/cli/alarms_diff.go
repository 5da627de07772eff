package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/telemetry"
)

func newAlarmsDiffCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "diff",
		Short: "Say how the existing alarms differ from the declared ones",
		Long:  long("alarms_diff"),
		Args:  noArgs,
	}
	load := bind(cmd, env, alarmFlags...)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := load()
		if err != nil {
			return err
		}
		a, err := readAlarms(cmd.Context(), s)
		if err != nil {
			return err
		}
		differences := append([]telemetry.Difference{}, telemetry.Compare(a.declared, a.existing)...)
		result := map[string]any{"declared": len(a.declared), "differences": differences}
		if err := printAlarms(env, s.Format, result, func() error { return printDifferences(env, len(a.declared), differences) }); err != nil {
			return err
		}
		if len(differences) > 0 {
			return exit.Silent(exit.Fail)
		}
		return nil
	}
	return cmd
}

// printDifferences writes what is declared and what exists, one under the other.
func printDifferences(env Env, declared int, differences []telemetry.Difference) error {
	if len(differences) == 0 {
		_, err := fmt.Fprintf(env.Stdout, "the %d declared alarms exist and are as declared\n", declared)
		return err
	}
	for _, d := range differences {
		if _, err := fmt.Fprintf(env.Stdout, "%s: %s\n  declared  %s\n  existing  %s\n", oneLine(d.Alarm), d.Field, oneLine(d.Declared), oneLine(d.Existing)); err != nil {
			return err
		}
	}
	return nil
}
