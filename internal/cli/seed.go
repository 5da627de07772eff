package cli

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/seed/postgres"
)

type seedOptions struct {
	command.Options
	clean bool
}

func newSeedCmd(env command.Env, run func(context.Context, *seedOptions) error) *cobra.Command {
	o := &seedOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:   "seed",
		Short: "Make the tagged records that a run needs",
		Long:  readLongHelp("seed"),
		Args:  command.NoArgs,
	}
	load := command.BindSettings(cmd, env, command.JoinNames(command.TargetFlags,
		[]string{"records", "operators", "think", "pause", "pick", "races", "database-url", "format"})...)
	command.DescribeFlag(cmd, "target", command.TargetUsage)
	command.DescribeFlag(cmd, "database-url", "`URL` of the PostgreSQL database in which the records are made instead: postgres://...")
	cmd.Flags().BoolVar(&o.clean, "clean", false, "remove the tagged records instead, where the API can delete, or with --database-url")
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if o.Settings, err = load(); err == nil {
			err = seedConflicts(o.Settings)
		}
		if err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runSeed(ctx context.Context, o *seedOptions) error {
	s := o.Settings
	if o.clean && s.DatabaseURL != "" {
		gone, err := postgres.Clean(ctx, s.DatabaseURL, s.Tag)
		if err != nil {
			return err
		}
		return printResult(o.Env, s.Format, gone)
	}
	if o.clean {
		gone, err := command.NewPipeline(o.Env, command.WithDefaultTarget(s)).Clean(ctx)
		if err != nil {
			return err
		}
		return printResult(o.Env, s.Format, gone)
	}
	made, err := command.NewPipeline(o.Env, command.WithDefaultTarget(s)).Seed(ctx)
	if err != nil {
		return err
	}
	for _, w := range made.Warnings {
		fmt.Fprintln(o.Env.Stderr, "occbench: "+command.JoinLines(w))
	}
	return printResult(o.Env, s.Format, made)
}

func seedConflicts(s *settings.Settings) error {
	target, database := s.Source("target"), s.Source("database-url")
	switch {
	case s.DatabaseURL != "" && s.Source("auth").Kind == "flag":
		return exit.Usagef("--auth is about requests and cannot take effect with --database-url: records are then made straight in the " +
			"database")
	case target.Kind == "flag" && database.Kind == "flag":
		return exit.Usagef("--target and --database-url exclude each other: records are made over HTTP or straight in the database")
	}
	return nil
}

// printResult writes a result as its one line, or as JSON.
func printResult(env command.Env, format string, r fmt.Stringer) error {
	if format == "json" {
		return json.NewEncoder(env.Stdout).Encode(r)
	}
	_, err := fmt.Fprintln(env.Stdout, r)
	return err
}
