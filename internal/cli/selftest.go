package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/bundle"
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/selftest"
	"github.com/occbench/occbench/reference-server/fault"
)

type selftestOptions struct {
	command.Options
	only, api string
}

func newSelftestCmd(env command.Env, run func(context.Context, *selftestOptions) error) *cobra.Command {
	o := &selftestOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:   "selftest",
		Short: "Test occbench: break the reference server in every known way and detect it",
		Long:  readLongHelp("selftest"),
		Args:  command.NoArgs,
	}
	load := command.BindSettings(cmd, env, "store", "database-url", "rand-seed", "format")
	cmd.Flags().StringVar(&o.api, "api", "", "play the cases of one API: `NAME` appointments or etag")
	cmd.Flags().StringVar(&o.only, "only", "", "play one `CASE`, e.g. lost-update")
	command.CompleteFlag(cmd, "api", fault.APIs()...)
	command.CompleteFlag(cmd, "only", append(command.ListFaults(), "correct")...)
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if o.Settings, err = load(); err == nil {
			err = bundle.CheckStore(o.Settings.Store, o.Settings.DatabaseURL)
		}
		if err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runSelftest(ctx context.Context, o *selftestOptions) error {
	s := o.Settings
	options := selftest.Options{API: o.api, Only: o.only, Store: s.Store, DatabaseURL: s.DatabaseURL, Seed: s.RandSeed, Now: o.Env.Now}
	rows, err := selftest.Run(ctx, options, func(r selftest.Row) {
		fmt.Fprintf(o.Env.Stderr, "%-12s  %-40s  %s\n", r.API, r.Case, r.Outcome())
	})
	if err != nil {
		return err
	}
	if s.Format == "json" {
		err = command.PrintJSON(o.Env.Stdout, rows)
	} else {
		err = selftest.WriteText(o.Env.Stdout, rows)
	}
	if err == nil && slices.ContainsFunc(rows, func(r selftest.Row) bool { return !r.OK() }) {
		return exit.Silent(exit.Fail)
	}
	return err
}
