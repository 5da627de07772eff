package compare

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/run"
)

// FindEarlier returns the latest earlier run of the same folder that is
// comparable with this one: complete, with a history, and with the same load
// of the same target. When there is none, it says why: there is no earlier
// run, or in what the latest one differs. It skips runs that cannot be read.
func FindEarlier(dir run.Dir, m *run.Manifest) (base run.Dir, why string, err error) {
	why = "there is no older run in the folder"
	all, err := run.ListDirs(filepath.Join(dir.Path(), ".."))
	if err != nil {
		return run.Dir{}, "", err
	}
	nearest := true
	for _, d := range slices.Backward(all) {
		older, err := d.ReadManifest()
		if err != nil || d.Name() == dir.Name() || !older.Start.Before(m.Start) || !d.Has(run.HistoryFile) {
			continue
		}
		obstacle := explainIncomparable(&older, m)
		if obstacle == "" {
			return d, "", nil
		}
		if nearest {
			why, nearest = "the last run before it, "+d.Name()+", "+obstacle, false
		}
	}
	return run.Dir{}, why, nil
}

// ListEarlier returns at most so many earlier runs of the same folder that are
// comparable with this one, the latest first. It looks at the latest
// mostSought runs and skips those that cannot be read.
func ListEarlier(dir run.Dir, m *run.Manifest, most int) []run.Dir {
	all, err := run.ListDirs(filepath.Join(dir.Path(), ".."))
	if err != nil {
		return nil
	}
	var found []run.Dir
	for i, d := range slices.Backward(all) {
		if len(found) == most || len(all)-i > mostSought {
			break
		}
		older, err := d.ReadManifest()
		if err == nil && d.Name() != dir.Name() && older.Start.Before(m.Start) && explainIncomparable(&older, m) == "" {
			found = append(found, d)
		}
	}
	return found
}

// mostSought bounds how far Before goes back: the folder may hold thousands of runs.
const mostSought = 100

// explainIncomparable says why two runs are not compared unless the user asks
// for it; empty when they can be compared. It is stricter than DiffLoads, because
// readers overlook the notes of a comparison that they did not ask for.
func explainIncomparable(base, other *run.Manifest) string {
	var list []string
	for _, d := range DiffLoads(base, other) {
		list = append(list, d.String())
	}
	switch {
	case base.State != run.Complete:
		return "did not go through"
	case base.Spec.Fault != "":
		return "was broken on purpose (" + base.Spec.Fault + ")"
	case len(list) > 0:
		return "was made under another load: " + strings.Join(list, "; ")
	case HasOtherHost(base, other):
		return "had another target, " + orNone(base.Spec.Target)
	}
	return ""
}
