package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/telemetry"
)

type alarmsDiffOptions struct{ command.Options }

func newAlarmsDiffCmd(env command.Env, run func(context.Context, *alarmsDiffOptions) error) *cobra.Command {
	o := &alarmsDiffOptions{command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:   "diff",
		Short: "Show how the existing alarms differ from the declared ones",
		Long:  readLongHelp("alarms_diff"),
		Args:  command.NoArgs,
	}
	load := command.BindSettings(cmd, env, alarmFlags...)
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if o.Settings, err = load(); err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runAlarmsDiff(ctx context.Context, o *alarmsDiffOptions) error {
	a, err := readAlarms(ctx, o.Settings)
	if err != nil {
		return err
	}
	differences := append([]telemetry.Difference{}, telemetry.Compare(a.declared, a.existing)...)
	result := map[string]any{"declared": len(a.declared), "differences": differences}
	if err := printAlarms(o.Options, result, func() error { return printDifferences(o.Env, len(a.declared), differences) }); err != nil {
		return err
	}
	if len(differences) > 0 {
		return exit.Silent(exit.Fail)
	}
	return nil
}

// printDifferences writes what is declared and what exists, one under the other.
func printDifferences(env command.Env, declared int, differences []telemetry.Difference) error {
	if len(differences) == 0 {
		_, err := fmt.Fprintf(env.Stdout, "the %d declared alarms exist and are as declared\n", declared)
		return err
	}
	for _, d := range differences {
		if _, err := fmt.Fprintf(env.Stdout, "%s: %s\n  declared  %s\n  existing  %s\n", command.JoinLines(d.Alarm), d.Field,
			command.JoinLines(d.Declared), command.JoinLines(d.Existing)); err != nil {
			return err
		}
	}
	return nil
}
