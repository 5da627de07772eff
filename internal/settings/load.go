package settings

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// Loader gathers the sources of one invocation.
type Loader struct {
	Now    func() time.Time
	Getenv func(string) (string, bool)
	flags  map[string][]string // texts given as flags, checked when all are known
	config string
}

// NewLoader returns a loader that reads the environment through getenv.
func NewLoader(now func() time.Time, getenv func(string) (string, bool)) *Loader {
	return &Loader{Now: now, Getenv: getenv, flags: map[string][]string{}}
}

// Bind declares the named settings as flags, and --config beside them. A name
// that is not in the table is a programming error and panics.
//
// Each flag carries the manual's section under SectionAnnotation.
func (l *Loader) Bind(fs *pflag.FlagSet, names ...string) {
	rows := timeless()
	for _, name := range names {
		i := slices.IndexFunc(rows, func(s setting) bool { return s.Name == name })
		if i < 0 {
			panic("settings: no such setting: " + name)
		}
		f := fs.VarPF(&flagText{loader: l, row: rows[i]}, name, "", rows[i].Usage)
		if rows[i].Toggle {
			f.NoOptDefVal = "true"
		}
		f.Annotations = map[string][]string{SectionAnnotation: {rows[i].Section}}
	}
	fs.StringVar(&l.config, "config", "", "settings `FILE` (default "+DefaultFile+" when it is there)")
}

// ListChoices returns the words that a setting accepts; nil when it accepts
// other values, too.
func ListChoices(name string) []string {
	for _, row := range timeless() {
		if row.Name == name {
			return row.Shape.Words
		}
	}
	return nil
}

// SectionAnnotation is the key under which a flag names its section of the manual.
const SectionAnnotation = "section"

// flagText keeps what was given. It is parsed by Load: pflag's own message
// would quote the value, and a URL may hold a password.
type flagText struct {
	loader *Loader
	row    setting
}

func (f *flagText) Set(v string) error {
	f.loader.flags[f.row.Name] = append(f.loader.flags[f.row.Name], v)
	return nil
}

func (f *flagText) String() string {
	if f.row.Toggle {
		return ""
	}
	return f.row.Default
}

// Type makes of a toggle what it is to pflag's usage: a flag without a value.
func (f *flagText) Type() string {
	if f.row.Toggle {
		return "bool"
	}
	return f.row.Name
}

// Load applies defaults, file, environment and flags, in this order.
func (l *Loader) Load() (*Settings, error) {
	s := &Settings{sources: map[string]Source{}, texts: map[string]string{}}
	rows := buildTable(l.Now)
	for i := range rows {
		if rows[i].Default == "" {
			continue
		}
		if err := rows[i].parse(s, rows[i].Default); err != nil {
			return nil, fmt.Errorf("default of %s: %w", rows[i].Name, err)
		}
		s.texts[rows[i].Name] = rows[i].Default
	}
	if err := l.applyFile(s); err != nil {
		return nil, err
	}
	for i := range rows {
		if err := l.applyRow(s, &rows[i]); err != nil {
			return nil, err
		}
	}
	if err := s.decideModel(); err != nil {
		return nil, err
	}
	if err := s.decideBrowser(); err != nil {
		return nil, err
	}
	return s, s.decideLength()
}

func (l *Loader) applyFile(s *Settings) error {
	path, named := l.config, l.config != ""
	if !named {
		path = DefaultFile
	}
	nodes, err := readFile(path, named)
	if err != nil {
		return err
	}
	return (&fileReader{path: path, into: s, now: l.Now}).readKeys(nodes)
}

func (l *Loader) applyRow(s *Settings, row *setting) error {
	given := l.flags[row.Name]
	if len(given) == 0 {
		if v, ok := l.Getenv(row.Variable()); ok && v != "" {
			return s.set(row, v, Source{Kind: "environment", Where: "$" + row.Variable()})
		}
		return nil
	}
	if row.list {
		given = []string{strings.Join(given, ",")}
	}
	return s.set(row, given[len(given)-1], Source{Kind: "flag", Where: "--" + row.Name})
}

// set parses one value and remembers its source.
func (s *Settings) set(row *setting, text string, src Source) error {
	if err := row.parse(s, text); err != nil {
		if src.Kind == "file" {
			return fmt.Errorf("%s: %s: %w", src.Where, row.fileKey(), err)
		}
		return fmt.Errorf("%s: %w", src.Where, err)
	}
	s.sources[row.Name], s.texts[row.Name] = src, text
	return nil
}
