package run

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/noun"
)

// LoadAPI compiles the API file that the target speaks: of a run that was read, the
// copy in its directory.
func (s *Spec) LoadAPI() (*api.API, error) { return api.Load(cmp.Or(s.APICopy, s.API, DefaultAPI)) }

// Words returns the nouns of the API; those of no API where its file is not to be had,
// which whatever needs the file says.
func (s *Spec) Words() noun.Words {
	speaks, err := s.LoadAPI()
	if err != nil {
		return noun.Words{}
	}
	return speaks.Words
}

// HasMetrics reports whether servers of this API are known to publish metrics of their
// own.
func (s *Spec) HasMetrics() bool {
	speaks, err := s.LoadAPI()
	return err == nil && speaks.Metrics
}

// isBuiltIn reports whether the API file comes with the binary.
func (s *Spec) isBuiltIn() bool { return s.API == "" || slices.Contains(api.Names(), s.API) }

// HashAPI returns a spec with the hash of its API file, where that does not come
// with the binary.
func (s Spec) HashAPI() (Spec, error) {
	if s.isBuiltIn() {
		s.APIHash = ""
		return s, nil
	}
	text, err := api.Source(s.API)
	if err != nil {
		return s, err
	}
	sum := sha256.Sum256(text)
	s.APIHash = hex.EncodeToString(sum[:])
	return s, nil
}

// KeepAPI copies the API file of a spec into the directory, where it does not come
// with the binary, so that the run can be judged again without it. It returns the
// spec that names the copy.
func (d Dir) KeepAPI(s Spec) (Spec, error) {
	if s.isBuiltIn() {
		return s, nil
	}
	text, err := api.Source(cmp.Or(s.APICopy, s.API))
	if err != nil {
		return s, err
	}
	if err := d.WriteFile(APIFile, text); err != nil {
		return s, err
	}
	s.APICopy = d.File(APIFile)
	return s, nil
}

// findAPI makes a spec that was read from the directory name the copy in it.
func (d Dir) findAPI(s *Spec) error {
	path := d.File(APIFile)
	_, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("looking for the API file of the run: %w", err)
	}
	s.APICopy = path
	return nil
}
