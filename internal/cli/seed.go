package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/seed"
)

func newSeedCmd(env Env) *cobra.Command {
	var clean bool
	cmd := &cobra.Command{
		Use:   "seed",
		Short: "Make sure that the board holds enough tagged cards",
		Long:  long("seed"),
		Args:  noArgs,
	}
	load := bind(cmd, env, names(targetFlags, []string{"cards", "operators", "think", "pause", "pick", "races", "database-url", "format"})...)
	tellFlag(cmd, "target", targetUsage)
	tellFlag(cmd, "database-url", "`URL` of the PostgreSQL database in which the cards are made instead: postgres://...")
	cmd.Flags().BoolVar(&clean, "clean", false, "remove the tagged rows instead; needs --database-url")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := load()
		if err == nil {
			err = seedConflicts(s, clean)
		}
		if err != nil {
			return err
		}
		if clean {
			gone, err := seed.Clean(cmd.Context(), s.DatabaseURL, s.Tag)
			if err != nil {
				return err
			}
			return printResult(env, s.Format, gone)
		}
		made, err := newPipeline(env, withTarget(s)).Seed(cmd.Context())
		if err != nil {
			return err
		}
		for _, w := range made.Warnings {
			fmt.Fprintln(env.Stderr, "occbench: "+oneLine(w))
		}
		return printResult(env, s.Format, made)
	}
	return cmd
}

func seedConflicts(s *settings.Settings, clean bool) error {
	target, database := s.Source("target"), s.Source("database-url")
	switch {
	case clean && s.DatabaseURL == "":
		return exit.Usagef("--clean needs --database-url postgres://…: the API has no call that deletes")
	case s.DatabaseURL != "" && s.Source("auth").Kind == "flag":
		return exit.Usagef("--auth is about requests and cannot take effect with --database-url: cards are then made straight in the database")
	case target.Kind == "flag" && database.Kind == "flag":
		return exit.Usagef("--target and --database-url exclude each other: cards are made over HTTP or straight in the database")
	}
	return nil
}

// printResult writes a result as its one line, or as JSON.
func printResult(env Env, format string, r fmt.Stringer) error {
	if format == "json" {
		return json.NewEncoder(env.Stdout).Encode(r)
	}
	_, err := fmt.Fprintln(env.Stdout, r)
	return err
}
