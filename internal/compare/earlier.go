package compare

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/rundir"
)

// Earlier returns the last run before this one, in the same folder, that it can
// be compared with: made under the same load of the same target, whole, and with
// a history. Without one it says why: there is none, or in what the last one
// differs. A run that cannot be read is passed over, whatever is wrong with it.
func Earlier(dir rundir.Dir, m *rundir.Manifest) (base rundir.Dir, why string, err error) {
	why = "there is no older run in the folder"
	all, err := rundir.List(filepath.Join(dir.Path(), ".."))
	if err != nil {
		return rundir.Dir{}, "", err
	}
	nearest := true
	for _, d := range slices.Backward(all) {
		older, err := d.ReadManifest()
		if err != nil || d.Name() == dir.Name() || !older.Start.Before(m.Start) || !d.Has(rundir.HistoryFile) {
			continue
		}
		obstacle := obstacle(&older, m)
		if obstacle == "" {
			return d, "", nil
		}
		if nearest {
			why, nearest = "the last run before it, "+d.Name()+", "+obstacle, false
		}
	}
	return rundir.Dir{}, why, nil
}

// obstacle says why two runs are not compared where nobody asked for it; empty:
// they are. It is stricter than Unlike: nobody looks at the notes of a comparison
// that nobody asked for.
func obstacle(base, run *rundir.Manifest) string {
	var list []string
	for _, d := range Unlike(base, run) {
		list = append(list, d.String())
	}
	switch {
	case base.State != rundir.Complete:
		return "did not go through"
	case len(list) > 0:
		return "was made under another load: " + strings.Join(list, "; ")
	case OtherHost(base, run):
		return "had another target, " + text(base.Spec.Target)
	}
	return ""
}
