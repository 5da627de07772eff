package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/doctor"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/settings"
)

func newDoctorCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say what is configured, reachable and permitted, and what to do about the rest",
		Long:  long("doctor"),
		Args:  noArgs,
	}
	load := bind(cmd, env, names(targetFlags, alarmFlags, []string{"out"})...)
	tellFlag(cmd, "target", targetUsage)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		program, err := os.Executable()
		if err != nil {
			return fmt.Errorf("finding this program: %w", err)
		}
		o := doctor.Options{Config: configFile(cmd), Version: env.Version, Program: program, Now: env.Now}
		o.Settings, o.Problem = load()
		format := cmd.Flags().Lookup("format").Value.String()
		if s := o.Settings; s != nil {
			format = s.Format
			o.Settings = withTarget(s)
			o.Allowed = func() error { return pipeline.Allowed(o.Settings) }
		}
		return examine(cmd.Context(), env, o, format)
	}
	return cmd
}

// configFile returns the settings file that is in force, "" without one.
func configFile(cmd *cobra.Command) string {
	if named := cmd.Flags().Lookup("config").Value.String(); named != "" {
		return named
	}
	if _, err := os.Stat(settings.DefaultFile); err != nil {
		return ""
	}
	return settings.DefaultFile
}

func examine(ctx context.Context, env Env, o doctor.Options, format string) error {
	lines := doctor.Run(ctx, o)
	var err error
	if format == "json" {
		e := json.NewEncoder(env.Stdout)
		e.SetIndent("", "  ")
		err = e.Encode(map[string]any{"broken": doctor.Broken(lines), "checks": lines})
	} else {
		err = doctor.WriteText(env.Stdout, lines)
	}
	switch {
	case err != nil:
		return err
	case ctx.Err() != nil:
		return errors.New("interrupted")
	case doctor.Broken(lines):
		return exit.Silent(exit.Fail)
	}
	return nil
}
