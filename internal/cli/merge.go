package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/blobs"
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/merge"
	"github.com/occbench/occbench/internal/run"
)

type mergeOptions struct {
	command.Options
	taken merge.Options
	dirs  []string
	out   string
}

func newMergeCmd(env command.Env, run func(context.Context, *mergeOptions) error) *cobra.Command {
	o := &mergeOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:     "merge DIR|URL... --out RUN",
		Short:   "Make one run of the directories that its generators left behind",
		Long:    readLongHelp("merge"),
		Example: "occbench merge /results --out load_test_results/k6_move_20300115_081500",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return command.NewArgsError(cmd, "directories of generators", args)
			}
			return nil
		},
	}
	load := command.BindSettings(cmd, env, "format")
	cmd.Flags().StringVarP(&o.out, "out", "o", "", "the run directory to make: `RUN` does not exist yet, or is empty")
	cmd.Flags().BoolVar(&o.taken.AllowMissing, "allow-missing", false,
		"go on without generators that are missing or were killed; the run cannot PASS")
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.Settings, err = load(); err != nil {
			return err
		}
		if o.dirs = args; o.out == "" {
			return exit.Usagef("%s: --out is missing: name the run directory to make, e.g. `%s`", cmd.CommandPath(), cmd.Example)
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runMerge(ctx context.Context, o *mergeOptions) error {
	dirs, drop, err := fetchDirs(ctx, o.dirs)
	if err != nil {
		return err
	}
	defer drop()
	m, err := merge.Create(ctx, dirs, o.out, o.taken)
	var refused *merge.Refusal
	if errors.As(err, &refused) {
		for _, line := range refused.Lines {
			fmt.Fprintln(o.Env.Stderr, "occbench: merging: "+command.JoinLines(line))
		}
		return exit.Silent(exit.Broken)
	}
	if err != nil {
		return err
	}
	dir, err := run.Open(o.out)
	if err != nil {
		return err
	}
	return printDirectory(o.Env, o.Settings.Format, dir, m)
}

// fetchDirs returns local directories for all places. It copies those behind
// URLs; drop removes the copies.
func fetchDirs(ctx context.Context, places []string) (dirs []string, drop func(), err error) {
	var made []string
	drop = func() {
		for _, dir := range made {
			_ = os.RemoveAll(dir) // it is temporary
		}
	}
	for _, place := range places {
		if !blobs.IsURL(place) {
			dirs = append(dirs, place)
			continue
		}
		dir, err := os.MkdirTemp("", "occbench-merge-*")
		if err == nil {
			made = append(made, dir)
			err = blobs.Fetch(ctx, place, dir)
		}
		if err != nil {
			drop()
			return nil, nil, err
		}
		dirs = append(dirs, dir)
	}
	return dirs, drop, nil
}
