package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/selftest"
)

func newSelftestCmd(env Env) *cobra.Command {
	var only string
	cmd := &cobra.Command{
		Use:   "selftest",
		Short: "Break the reference server in every known way and see that it is found",
		Long:  long("selftest"),
		Args:  noArgs,
	}
	load := bind(cmd, env, "store", "database-url", "rand-seed", "format")
	cmd.Flags().StringVar(&only, "only", "", "play one `CASE`, e.g. lost-update")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := load()
		if err != nil {
			return err
		}
		if err := pipeline.CheckStore(s.Store, s.DatabaseURL); err != nil {
			return err
		}
		o := selftest.Options{Only: only, Store: s.Store, DatabaseURL: s.DatabaseURL, Seed: s.RandSeed, Now: env.Now}
		rows, err := selftest.Run(cmd.Context(), o, func(r selftest.Row) {
			fmt.Fprintf(env.Stderr, "%-26s %s\n", r.Case, r.Outcome())
		})
		if err != nil {
			return err
		}
		if err := printRows(env, s.Format, rows); err != nil {
			return err
		}
		for _, r := range rows {
			if !r.OK() {
				return exit.Silent(exit.Fail)
			}
		}
		return nil
	}
	return cmd
}

func printRows(env Env, format string, rows []selftest.Row) error {
	if format == "json" {
		e := json.NewEncoder(env.Stdout)
		e.SetIndent("", "  ")
		return e.Encode(rows)
	}
	return selftest.WriteText(env.Stdout, rows)
}
