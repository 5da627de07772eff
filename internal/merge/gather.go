package merge

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/occbench/occbench/internal/generator"
	"github.com/occbench/occbench/internal/run"
)

// readParts reads the manifests of all generators, and returns an error where they do not make one
// run.
func readParts(dirs []string, o Options) (*parts, error) {
	all := &parts{}
	var wrong []string
	for _, dir := range dirs {
		found, err := findDirs(dir)
		if err != nil {
			wrong = append(wrong, err.Error())
		}
		for _, dir := range found {
			m, err := generator.Read(dir)
			if err != nil {
				wrong = append(wrong, err.Error())
				continue
			}
			all.parts = append(all.parts, part{dir: dir, Manifest: m})
		}
	}
	if len(wrong) == 0 && len(all.parts) == 0 {
		wrong = []string{fmt.Sprintf("there is no %s in %s or in a folder of it", generator.ManifestFile, strings.Join(dirs, ", "))}
	}
	for _, look := range []func(Options) []string{all.listDifferences, all.listUnfinished, all.findDisjoint, all.orderBySegment,
		all.listChanged} {
		if len(wrong) > 0 {
			return nil, &Refusal{wrong} // what comes later follows from it, or takes long
		}
		wrong = look(o)
	}
	if len(wrong) > 0 {
		return nil, &Refusal{wrong}
	}
	return all, nil
}

// findDirs returns the directories of generators that a directory stands for: itself, or those in
// it.
func findDirs(dir string) ([]string, error) {
	if mayHold(dir, generator.ManifestFile) {
		return []string{dir}, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, e := range entries {
		if inner := filepath.Join(dir, e.Name()); mayHold(inner, generator.ManifestFile) || mayHold(inner, run.HistoryFile) {
			found = append(found, inner)
		}
	}
	return found, nil
}

// mayHold reports whether a directory has a file of a name, or whether that cannot be found out.
func mayHold(dir, name string) bool {
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return false
	}
	_, err = os.Stat(filepath.Join(dir, name))
	return !errors.Is(err, fs.ErrNotExist)
}

// sound matches the names of generators, which are those of folders and of hosts.
var sound = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// longestName is how many letters the name of a host may have (RFC 1035, 2.3.4).
const longestName = 253

// listUnfinished says which generators have not ended, and which stand there twice.
func (a *parts) listUnfinished(o Options) []string {
	var wrong []string
	first := map[string]string{}
	for i := range a.parts {
		p := &a.parts[i]
		switch other := first[p.Name]; {
		case len(p.Name) > longestName || !sound.MatchString(p.Name):
			wrong = append(wrong, fmt.Sprintf("%s: generator %.40q has no name of letters, digits, dots and dashes", p.dir, p.Name))
		case other != "":
			wrong = append(wrong, fmt.Sprintf("%s: it is generator %s, which %s is already", p.dir, p.Name, other))
		case p.isKilled() && !o.AllowMissing:
			wrong = append(wrong, fmt.Sprintf("%s: generator %s has no end: its state is %s, so it was killed or still runs; "+
				"--allow-missing takes it as far as it came", p.dir, p.Name, p.State))
		}
		first[p.Name] = p.dir
	}
	return wrong
}
