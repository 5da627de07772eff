package command

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
)

// Runs are the run directories that a command is about.
type Runs struct {
	env   Env
	where func() (*settings.Settings, error)
}

// BindRuns lets a command take run directories: it completes their names, the newest
// first, and says where they are looked for when one is left out.
func BindRuns(cmd *cobra.Command, env Env, where func() (*settings.Settings, error)) Runs {
	r := Runs{env, where}
	cmd.ValidArgsFunction = func(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		runs, _, err := r.list()
		if err != nil {
			return nil, cobra.ShellCompDirectiveDefault // files of the present folder
		}
		var names []string
		for _, dir := range slices.Backward(runs) {
			names = append(names, dir.Path())
		}
		return names, cobra.ShellCompDirectiveKeepOrder
	}
	return r
}

// list returns the runs of the folder that the settings name, oldest first.
func (r Runs) list() (runs []run.Dir, folder string, err error) {
	s, err := r.where()
	if err != nil {
		return nil, "", err
	}
	runs, err = run.ListDirs(s.Out)
	return runs, s.Out, err
}

// ListNewest returns the paths of the latest n runs, the oldest of them first,
// and names them on stderr.
func (r Runs) ListNewest(cmd *cobra.Command, n int) ([]string, error) {
	runs, folder, err := r.list()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if len(runs) < n {
		return nil, exit.Usagef("%s wants %s, e.g. `%s`; without one it takes the newest in %s, which holds %s",
			cmd.CommandPath(), describeRunArgs(n), cmd.Example, filepath.Clean(folder), formatRunCount(len(runs)))
	}
	var paths []string
	for _, dir := range runs[len(runs)-n:] {
		paths = append(paths, dir.Path())
		fmt.Fprintf(r.env.Stderr, "run     %s\n", dir.Path())
	}
	return paths, nil
}

func describeRunArgs(n int) string {
	if n == 1 {
		return "one run directory"
	}
	return "two run directories"
}

func formatRunCount(n int) string {
	switch n {
	case 0:
		return "no run"
	case 1:
		return "one run"
	}
	return fmt.Sprintf("%d runs", n)
}

// ChooseOne returns the run that the arguments name, or else the newest.
func (r Runs) ChooseOne(cmd *cobra.Command, args []string) (string, error) {
	if len(args) == 1 {
		return args[0], nil
	}
	newest, err := r.ListNewest(cmd, 1)
	if err != nil {
		return "", err
	}
	return newest[0], nil
}

// AtMostArgs accepts at most n arguments, which the error names.
func AtMostArgs(n int, name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) <= n {
			return nil
		}
		return NewArgsError(cmd, name, args)
	}
}
