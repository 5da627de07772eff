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
	"github.com/occbench/occbench/deploy"
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
		Long:  readLongHelp("init"),
		Args:  command.NoArgs,
	}
	var kind, pin string
	cmd.Flags().StringVar(&kind, "ci", "", "`KIND` of CI whose files are written too: "+strings.Join(listKinds(), ", "))
	command.CompleteFlag(cmd, "ci", listKinds()...)
	var cluster clusterFlags
	cluster.bind(cmd)
	cmd.Flags().StringVar(&pin, "pin", "", "`RELEASE` that the files of the CI install, or a commit or branch; default: this occbench")
	cmd.Flags().BoolVar(&o.force, "force", false, "overwrite files that exist")
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if err = cluster.check(cmd, kind); err != nil {
			return err
		}
		if o.files, err = buildStarterFiles(env, cmd.Flags().Changed("ci"), kind, pin, &cluster); err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runInit(_ context.Context, o *initOptions) error {
	if err := checkAbsent(o.files, o.force, "occbench init"); err != nil {
		return err
	}
	for _, f := range o.files {
		if err := writeStarterFile(f, o.force); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(o.Env.Stdout, f.Path); err != nil {
			return err
		}
	}
	return nil
}

// buildStarterFiles returns the files to write.
func buildStarterFiles(env command.Env, withCI bool, kind, pin string, cluster *clusterFlags) ([]ci.File, error) {
	files := []ci.File{{Path: settings.DefaultFile, Mode: 0o644, Data: []byte(manual.Sample())}}
	switch {
	case !withCI && pin != "":
		return nil, exit.Usagef("--pin is for the files of a CI; add --ci %s", strings.Join(ci.Kinds(), "|"))
	case !withCI:
		return files, nil
	}
	if !slices.Contains(listKinds(), kind) {
		return nil, command.RefuseValue("ci", kind, listKinds())
	}
	if kind == deploy.Kind {
		if pin != "" {
			return nil, exit.Usagef("--pin has no effect with --ci %s; give --image the version", deploy.Kind)
		}
		more, err := cluster.files()
		return append(files, more...), err
	}
	pin, err := findPin(env, pin)
	if err != nil {
		return nil, err
	}
	more, err := ci.Files(kind, pin)
	return append(files, more...), err
}

// findPin returns what the files of a CI install: what was asked for, or this very
// program, which must be one that can be had again.
func findPin(env command.Env, asked string) (string, error) {
	if asked == "" {
		built := readBuildFacts(env.Version).Build
		pin, ok := ci.Pin(env.Version, built.Revision, built.Modified)
		if !ok {
			return "", exit.Usagef("this occbench (%s) is neither a release nor built from a commit, so there is nothing that the CI "+
				"could install; name it, such as --pin v1.2.3", env.Version)
		}
		return pin, nil
	}
	moves, err := ci.CheckPin(asked)
	if err != nil {
		return "", exit.Usagef("--pin: %v", err)
	}
	if moves {
		fmt.Fprintf(env.Stderr, "occbench: %s is a branch: what the CI runs changes whenever it does\n", asked)
	}
	return asked, nil
}

// checkAbsent returns an error when one of the files exists already: an
// incomplete set of files is useless.
func checkAbsent(files []ci.File, force bool, again string) error {
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
		return exit.Usagef("%s would be overwritten and nothing was written; move it away, or `%s --force`",
			strings.Join(there, ", "), again)
	}
	return nil
}

// writeStarterFile writes one file. Without force it does not replace a file
// that was created in the meantime.
func writeStarterFile(f ci.File, force bool) error {
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
