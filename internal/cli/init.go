package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/ci"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/manual"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
)

// newInitCmd writes the files that a project needs to use occbench.
func newInitCmd(env Env) *cobra.Command {
	var kind string
	var force bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write occbench.yaml with every key and its default, and the files of a CI",
		Long:  long("init"),
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			files, err := starter(cmd.Flags().Changed("ci"), kind, env.Version)
			if err != nil {
				return err
			}
			if err := absent(files, force); err != nil {
				return err
			}
			for _, f := range files {
				if err := put(f, force); err != nil {
					return err
				}
				if _, err := fmt.Fprintln(env.Stdout, f.Path); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&kind, "ci", "", "`KIND` of CI whose files are written too: "+strings.Join(ci.Kinds(), ", "))
	cmd.Flags().BoolVar(&force, "force", false, "overwrite files that are there")
	return cmd
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

// absent refuses to begin when a file is there: half a set of files helps
// nobody.
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
		return exit.Usagef("%s would be overwritten and nothing was written; move it away, or `occbench init --force`", strings.Join(there, ", "))
	}
	return nil
}

// put writes one file. Without force a file that has come meanwhile is kept.
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
