package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/ci"
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/manual"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
)

type initOptions struct {
	command.Options
	files []ci.File
	force bool
}

func newInitCmd(env command.Env, run func(context.Context, *initOptions) error) *cobra.Command {
	o := &initOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write occbench.yaml with every key and its default, and the files of a CI",
		Long:  long("init"),
		Args:  command.NoArgs,
	}
	var kind string
	cmd.Flags().StringVar(&kind, "ci", "", "`KIND` of CI whose files are written too: "+strings.Join(ci.Kinds(), ", "))
	cmd.Flags().BoolVar(&o.force, "force", false, "overwrite files that exist")
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if o.files, err = starter(cmd.Flags().Changed("ci"), kind, env.Version); err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runInit(_ context.Context, o *initOptions) error {
	if err := absent(o.files, o.force); err != nil {
		return err
	}
	for _, f := range o.files {
		if err := put(f, o.force); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(o.Env.Stdout, f.Path); err != nil {
			return err
		}
	}
	return nil
}

// starter returns the files to write.
func starter(withCI bool, kind, version string) ([]ci.File, error) {
	files := []ci.File{{Path: settings.DefaultFile, Mode: 0o644, Data: []byte(manual.Sample())}}
	if !withCI {
		return files, nil
	}
	if !slices.Contains(ci.Kinds(), kind) {
		return nil, exit.Usagef("--ci: %q is not one of %s", kind, strings.Join(ci.Kinds(), ", "))
	}
	more, err := ci.Files(kind, version)
	return append(files, more...), err
}

// absent returns an error when a file exists: half a set of files is of no use.
func absent(files []ci.File, force bool) error {
	if force {
		return nil
	}
	var there []string
	for _, f := range files {
		if _, err := os.Lstat(f.Path); !errors.Is(err, fs.ErrNotExist) {
			there = append(there, f.Path)
		}
	}
	if len(there) > 0 {
		return exit.Usagef("%s would be overwritten and nothing was written; move it away, or `occbench init --force`",
			strings.Join(there, ", "))
	}
	return nil
}

// put writes one file. Without force a file that was made meanwhile is kept.
func put(f ci.File, force bool) error {
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o755); err != nil {
		return fmt.Errorf("making the folder of %s: %w", f.Path, err)
	}
	if force {
		if err := run.WriteFile(f.Path, f.Data); err != nil {
			return err
		}
		return os.Chmod(f.Path, f.Mode)
	}
	file, err := os.OpenFile(f.Path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, f.Mode)
	if err != nil {
		return fmt.Errorf("writing %s: %w", f.Path, err)
	}
	_, err = file.Write(f.Data)
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", f.Path, err)
	}
	return nil
}
