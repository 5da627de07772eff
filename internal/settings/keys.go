package settings

import (
	"slices"

	"github.com/occbench/occbench/internal/run"
)

// Key documents one setting.
type Key struct {
	Name    string // in the file
	Flag    string // on the command line, without the dashes
	Env     string // the environment variable
	Default string // empty: there is none
	Example string // a value, where there is no default
	Usage   string // a sentence, the placeholder of the value in backticks
	Group   string // heading under which it is explained
	Shape   run.Shape
}

// Keys returns every setting in the order of the manual, groups kept together.
func Keys() []Key {
	rows := timeless()
	var groups []string
	byGroup := map[string][]Key{}
	for i := range rows {
		group := rows[i].Section
		if !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
		byGroup[group] = append(byGroup[group], rows[i].key())
	}
	var all []Key
	for _, g := range groups {
		all = append(all, byGroup[g]...)
	}
	return all
}

// Flags returns the names of all settings as flags.
func Flags() []string {
	var all []string
	for _, s := range timeless() {
		all = append(all, s.Name)
	}
	return all
}

func (s *setting) key() Key {
	k := Key{Name: s.fileKey(), Flag: s.Name, Env: s.Variable(), Default: s.Default, Example: s.Example, Usage: s.Usage, Group: s.Section,
		Shape: s.Shape}
	if s.list {
		k.Shape = run.Shape{Kind: run.List}
	}
	return k
}

// fileKey is the setting's name in the file, where a list has a plural.
func (s *setting) fileKey() string {
	if s.list {
		return s.Key() + "s"
	}
	return s.Key()
}
