// Package merge makes one run of the directories that its generators left behind.
//
// Its opinion: a merged run is as exact as one that a single process made. Every
// operation is there once, unchanged but for the zero of its clock, so counts and
// quantiles are those of the operations and not of summaries. What is not surely of
// the same run is refused with its reason, and then nothing is written.
package merge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/occbench/occbench/internal/clocks"
	"github.com/occbench/occbench/internal/run"
)

// Merge writes into out the run that the generators in dirs made together, and
// returns its manifest. A directory that holds those of generators stands for all of
// them. On an error nothing was written.
func Merge(ctx context.Context, dirs []string, out run.Dir, o Options) (m run.Manifest, err error) {
	err = buildStaged(out.Path(), out.Path(), func(staged run.Dir) error {
		if m, err = buildRun(ctx, dirs, staged, o); err != nil {
			return err
		}
		return moveFiles(staged, out)
	})
	return m, err
}

// Create is Merge into a run directory that is made at a path where there is nothing or
// an empty folder. It is there whole or not at all.
func Create(ctx context.Context, dirs []string, path string, o Options) (m run.Manifest, err error) {
	path = filepath.Clean(path)
	if err := checkFree(path); err != nil {
		return m, err
	}
	err = buildStaged(filepath.Dir(path), path, func(staged run.Dir) error {
		if m, err = buildRun(ctx, dirs, staged, o); err != nil {
			return err
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return wrapError(path, err)
		}
		if err := os.Rename(staged.Path(), path); err != nil {
			return wrapError(path, err)
		}
		return nil
	})
	return m, err
}

// buildStaged calls do with a temporary run directory, which is made in a folder and removed
// afterwards. Errors name path instead, where the run is going to be.
func buildStaged(folder, path string, do func(staged run.Dir) error) (err error) {
	temporary, err := os.MkdirTemp(folder, ".merge-*")
	if err != nil {
		return wrapError(path, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
	staged, err := run.Make(filepath.Join(temporary, "run"))
	if err == nil {
		err = do(staged)
	}
	if err != nil {
		return &relocated{err, filepath.Join(temporary, "run"), path}
	}
	return nil
}

// buildRun writes the run into an empty directory.
func buildRun(ctx context.Context, dirs []string, into run.Dir, o Options) (run.Manifest, error) {
	all, err := readParts(dirs, o)
	if err != nil {
		return run.Manifest{}, err
	}
	if err := all.copyInputs(into); err != nil {
		return run.Manifest{}, err
	}
	speaks, err := all.parts[0].Spec.LoadAPI()
	if err != nil {
		return run.Manifest{}, err
	}
	bounds, err := clocks.Learn(all.sources(), clocks.Options{Counting: speaks.Counting})
	if err != nil {
		return run.Manifest{}, err
	}
	shifts := make([]int64, len(all.parts))
	for i := range all.parts {
		shifts[i] = bounds.Shift(all.parts[i].Name)
	}
	m := joinManifests(all, shifts)
	for _, write := range []func() error{
		func() error { return all.copyAsked(into, &m) },
		func() error { return writeHistory(ctx, all.parts, shifts, into.File(run.HistoryFile)) },
		func() error { return writeStalls(all.parts, shifts, into) },
		func() error { return into.WriteJSON(run.GeneratorsFile, all.listManifests()) },
		func() error { return writeClocks(bounds, into) },
		func() error { return into.WriteManifest(m) },
	} {
		if err := write(); err != nil {
			return run.Manifest{}, err
		}
	}
	return m, nil
}

// moveFiles moves the files of a run to where they belong, the manifest last: a run
// without it is not whole.
func moveFiles(from, to run.Dir) error {
	entries, err := os.ReadDir(from.Raw())
	if err != nil {
		return wrapError(to.Path(), err)
	}
	names := []string{}
	for _, e := range entries {
		if e.Name() != run.ManifestFile {
			names = append(names, e.Name())
		}
	}
	for _, name := range append(names, run.ManifestFile) {
		if err := os.Rename(from.File(name), to.File(name)); err != nil {
			return wrapError(to.Path(), err)
		}
	}
	return nil
}

// checkFree returns an error for a path where something is that a run would replace.
func checkFree(path string) error {
	entries, err := os.ReadDir(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return os.MkdirAll(filepath.Dir(path), 0o755)
	case err != nil:
		return wrapError(path, err)
	case len(entries) > 0:
		return fmt.Errorf("merging into %s: it is not empty (%s is in it); name a folder that does not exist yet", path, entries[0].Name())
	}
	return nil
}
