package seed

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/limit"
	"github.com/occbench/occbench/internal/run"
)

// Roster is the file that keeps which records of a target are ours, for an API that
// does not tell: it has no list, or one without a tag.
type Roster struct {
	Format int      `json:"format"`
	API    string   `json:"api"`
	Target string   `json:"target"` // without credentials
	Tag    string   `json:"tag"`
	IDs    []string `json:"ids"`            // usable when they were made or counted last
	Used   []string `json:"used,omitempty"` // ours too, and used up
}

// rosterFormat is the version of the file.
const rosterFormat = 1

// NeedsRoster reports whether our records of an API are known by a file alone.
func NeedsRoster(a *api.API) bool {
	tagged := a.List != nil && (a.List.HasTag() || a.List.Uses("tag"))
	return !tagged && (a.List == nil || a.IDs == nil)
}

// makeRosterPath returns where the roster of a target lies below the directory of the
// runs.
func makeRosterPath(out, apiName, target, tag string) string {
	h := fnv.New32a()
	h.Write([]byte(client.Redact(target)))
	return filepath.Join(out, "seeded", fmt.Sprintf("%s_%08x_%s.json", filepath.Base(apiName), h.Sum32(), tag))
}

// ReadRoster reads the roster of a target; the error is fs.ErrNotExist where nothing
// was seeded.
func ReadRoster(out, apiName, target, tag string) (Roster, error) {
	path := makeRosterPath(out, apiName, target, tag)
	text, err := limit.ReadFile(path, run.MaxJSON)
	if err != nil {
		return Roster{}, fmt.Errorf("reading the ids of the seeded records: %w", err)
	}
	var r Roster
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("reading the ids of the seeded records: %s: %w", path, err)
	}
	if r.Format != rosterFormat {
		return r, fmt.Errorf("reading the ids of the seeded records: %s has format %d, want %d", path, r.Format, rosterFormat)
	}
	return r, nil
}

// All returns the ids of all records that are ours.
func (r *Roster) All() []string {
	return slices.Concat(r.IDs, r.Used)
}

// KeepRoster writes the roster of a target anew, with what a seeding found usable.
// It keeps the records that are used up, so that they can be removed.
func KeepRoster(out, target string, made *Result) error {
	before, err := ReadRoster(out, made.API, target, made.Tag)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	r := Roster{Format: rosterFormat, API: made.API, Target: client.Redact(target), Tag: made.Tag, IDs: made.IDs}
	usable := map[string]bool{}
	for _, id := range made.IDs {
		usable[id] = true
	}
	for _, id := range before.All() {
		if !usable[id] {
			r.Used = append(r.Used, id)
		}
	}
	path := makeRosterPath(out, made.API, target, made.Tag)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("keeping the ids of the seeded records: %w", err)
	}
	return run.WriteJSON(path, &r)
}

// DropRoster removes the roster of a target; without one it does nothing.
func DropRoster(out, apiName, target, tag string) error {
	path := makeRosterPath(out, apiName, target, tag)
	err := os.Remove(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing the ids of the seeded records: %w", err)
	}
	_ = os.Remove(filepath.Dir(path)) // which works once it is empty
	return nil
}
