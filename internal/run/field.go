package run

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/occbench/occbench/internal/noun"
)

// Field is one row of the table: everything that is said about one parameter. A
// name that is left empty follows from Name; "-" is none.
type Field struct {
	Name     string // as a flag, --double-updates
	What     string // in sentences; else the name with blanks
	Env      string // the variable of the settings; else OCCBENCH_DOUBLE_UPDATES
	K6       string // the variable of k6; else OCC_DOUBLE_UPDATES
	Option   string // the member of OperatorOptions; else doubleUpdates
	Manifest string // the path in manifest.json; else contention.double_updates

	Section string // of the manual
	Default string // parsed as any other text; empty: the zero value
	Example string // a value for the manual, where there is no default
	Usage   string // a sentence, the placeholder of the value in backticks
	Script  string // what authors of k6 scripts read instead
	Without string // what holds in k6 without it, in Markdown; else the default
	Shape   Shape
	Toggle  bool // a flag without a value means true

	Derived bool   // no setting: a stage derives it, k6 and the manifest are told
	Omit    bool   // the manifest leaves out the zero value
	Unset   string // a text that means the zero value to k6

	// Compared returns what must be alike in two runs for them to be compared;
	// nil: the value. Free fields may differ; Near ones by that share.
	Compared func(*Spec) string
	Free     bool
	Near     float64

	// Repeat reports whether the command that repeats a run names the field;
	// nil: wherever it has a text.
	Repeat func(*Spec) bool
	Terse  bool // the command that repeats a run leaves out the default
	// Tell says in the reports' words what is unusual about a run; nil: its line
	// says it already.
	Tell func(*Spec, noun.Words) string

	set   func(*Spec, string) error
	write func(*Spec) string
	at    func(*Spec) any // a pointer to the value, for JSON; nil: it has none of its own
}

// newField returns a row of the table: a field of Spec with the codec of its
// values.
func newField[V any](at func(*Spec) *V, c Codec[V], f Field) Field {
	f.Shape = c.Shape
	f.set = func(s *Spec, text string) error {
		v, err := c.Parse(text)
		if err == nil {
			*at(s) = v
		}
		return err
	}
	f.write = func(s *Spec) string { return c.Write(*at(s)) }
	f.at = func(s *Spec) any { return at(s) }
	return f
}

// newDerivedField returns a row of the table that only the manifest has,
// derived from another field.
func newDerivedField(path string, at func(*Spec) any) Field {
	return Field{Name: path, K6: "-", Manifest: path, Omit: true, Derived: true, Free: true, at: at}
}

// Set parses a text into the field.
func (f *Field) Set(s *Spec, text string) error { return f.set(s, text) }

// Text writes the field as Set reads it; empty when there is nothing to say.
func (f *Field) Text(s *Spec) string { return f.write(s) }

// Key returns the name in the settings file.
func (f *Field) Key() string { return strings.ReplaceAll(f.Name, "-", "_") }

// Variable returns the name of the environment variable of the settings.
func (f *Field) Variable() string {
	return orElse(f.Env, "OCCBENCH_"+strings.ToUpper(f.Key()))
}

// K6Variable returns the name under which k6 finds the field; empty: it does not.
func (f *Field) K6Variable() string { return orElse(f.K6, "OCC_"+strings.ToUpper(f.Key())) }

// OptionName returns the member of OperatorOptions; empty: there is none.
func (f *Field) OptionName() string {
	if f.K6Variable() == "" {
		return ""
	}
	first, rest, _ := strings.Cut(f.Name, "-")
	for _, word := range strings.Split(rest, "-") {
		if word != "" {
			first += strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return orElse(f.Option, first)
}

// ManifestPath returns the path of the field in manifest.json; empty: it is not
// there.
func (f *Field) ManifestPath() string { return orElse(f.Manifest, "contention."+f.Key()) }

// path returns where the manifest has the field; nil: nowhere.
func (f *Field) path() []string {
	if name := f.ManifestPath(); name != "" {
		return strings.Split(name, ".")
	}
	return nil
}

func orElse(name, derived string) string {
	switch name {
	case "":
		return derived
	case "-":
		return ""
	}
	return name
}

// Settings returns the rows that are settings, in the order of the manual. The
// clock says which day tomorrow is.
func Settings(now func() time.Time) []Field {
	return slices.DeleteFunc(Fields(now), func(f Field) bool { return f.Derived })
}

// Default returns the spec that nothing was declared for.
func Default(now func() time.Time) Spec {
	var s Spec
	for _, f := range Fields(now) {
		if f.Default == "" {
			continue
		}
		if err := f.Set(&s, f.Default); err != nil {
			panic("run: default of " + f.Name + ": " + err.Error())
		}
	}
	return s
}

// Preset returns Default but for the day. It is made once: each operator of a run asks for it.
var Preset = sync.OnceValue(func() Spec { return Default(time.Now) })

// Flag is a part of a command line.
type Flag struct {
	Name, Text string // no text: the flag alone
}

// Flags returns the flags that declare a run again. What has no effect beside the
// others is left out: occbench refuses it.
func (s *Spec) Flags() []Flag {
	preset := Default(time.Now)
	var all []Flag
	for _, f := range Settings(time.Now) {
		text := f.Text(s)
		if text == "" || f.Repeat != nil && !f.Repeat(s) || f.Terse && text == f.Text(&preset) {
			continue
		}
		if f.Toggle {
			text = ""
		}
		all = append(all, Flag{f.Name, text})
	}
	return all
}

// DescribeLoad returns how the load differs from the default, in the nouns of
// an API.
func (s *Spec) DescribeLoad(w noun.Words) []string {
	var all []string
	for _, f := range Fields(time.Now) {
		if f.Tell == nil {
			continue
		}
		if words := f.Tell(s, w); words != "" {
			all = append(all, words)
		}
	}
	return all
}
