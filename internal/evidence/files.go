package evidence

import (
	"errors"
	"io/fs"

	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/ux"
)

// readManifest returns nil where there is none.
func readManifest(dir run.Dir) (*run.Manifest, error) {
	m, err := dir.ReadManifest()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &m, nil
}

// readOptional reads a JSON file of the run; nil where there is none.
func readOptional[T any](dir run.Dir, name string) (*T, error) {
	var v T
	err := dir.ReadJSON(name, &v)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &v, nil
}

// readScreens measures what the browsers of a run noted; nil when they noted
// nothing.
func readScreens(dir run.Dir) (_ *ux.Numbers, err error) {
	file, err := dir.Open(run.UXFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	numbers, err := ux.Read(file, dir.File(run.UXFile))
	if err != nil {
		return nil, err
	}
	return &numbers, nil
}

// sumFiles returns the hashes of those files of a run that are there.
func sumFiles(dir run.Dir, names ...string) (map[string]string, error) {
	sums := map[string]string{}
	for _, name := range names {
		sum, err := dir.SumFile(name)
		if err != nil {
			return nil, err
		}
		if sum != "" {
			sums[name] = sum
		}
	}
	return sums, nil
}
