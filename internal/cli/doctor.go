package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/doctor"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/settings"
)

type doctorOptions struct {
	command.Options
	problem error  // why the settings could not be read
	config  string // the settings file that is in force
	format  string
}

func newDoctorCmd(env command.Env, run func(context.Context, *doctorOptions) error) *cobra.Command {
	o := &doctorOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Examine what is configured, reachable and permitted, and say what to do about the rest",
		Long:  readLongHelp("doctor"),
		Args:  command.NoArgs,
	}
	load := command.BindSettings(cmd, env, command.JoinNames(command.TargetFlags, alarmFlags, []string{"out"})...)
	command.DescribeFlag(cmd, "target", command.TargetUsage)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		o.config, o.format = findConfigFile(cmd), cmd.Flags().Lookup("format").Value.String()
		if o.Settings, o.problem = load(); o.Settings != nil {
			o.format, o.Settings = o.Settings.Format, command.WithDefaultTarget(o.Settings)
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

// findConfigFile returns the settings file in use; "" without one.
func findConfigFile(cmd *cobra.Command) string {
	if named := cmd.Flags().Lookup("config").Value.String(); named != "" {
		return named
	}
	if _, err := os.Stat(settings.DefaultFile); err != nil {
		return ""
	}
	return settings.DefaultFile
}

func runDoctor(ctx context.Context, o *doctorOptions) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	lines := doctor.Run(ctx, doctor.Options{
		Settings: o.Settings, Problem: o.problem, Config: o.config, Version: o.Env.Version, Program: program, Now: o.Env.Now,
		Allowed: func() error { return pipeline.CheckTarget(o.Settings) },
	})
	if o.format == "json" {
		err = command.PrintJSON(o.Env.Stdout, map[string]any{"broken": doctor.HasFailure(lines), "checks": lines})
	} else {
		err = doctor.WriteText(o.Env.Stdout, lines)
	}
	switch {
	case err != nil:
		return err
	case ctx.Err() != nil:
		return errors.New("interrupted")
	case doctor.HasFailure(lines):
		return exit.Silent(exit.Fail)
	}
	return nil
}
