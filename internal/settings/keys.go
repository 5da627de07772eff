package settings

import (
	"slices"
	"strings"
	"time"
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
	Shape   Shape
}

// Keys returns every setting in the order of the manual, groups kept together.
func Keys() []Key {
	rows := table(time.Now)
	var groups []string
	byGroup := map[string][]Key{}
	group := ""
	for i := range rows {
		if rows[i].group != "" {
			group = rows[i].group
		}
		if !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
		k := rows[i].key()
		k.Group = group
		byGroup[group] = append(byGroup[group], k)
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
	for _, s := range table(time.Now) {
		all = append(all, s.name)
	}
	return all
}

func (s *setting) key() Key {
	k := Key{Name: s.fileKey(), Flag: s.name, Env: s.variable(), Example: s.example, Usage: s.usage, Shape: shapeOf(s)}
	if !s.noPre {
		k.Default = s.preset
	}
	return k
}

// fileKey is the setting's name in the file, where a list has a plural.
func (s *setting) fileKey() string {
	name := strings.ReplaceAll(s.name, "-", "_")
	if s.list {
		name += "s"
	}
	return name
}
