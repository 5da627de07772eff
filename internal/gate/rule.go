package gate

import (
	"cmp"
	"slices"
)

// Unit is the unit of a gate's numbers.
type Unit string

// The units.
const (
	Ratio Unit = "ratio" // 0–1
	MS    Unit = "ms"
	Cases Unit = "cases"
)

// Kind is the way in which a gate compares its number with its limit.
type Kind string

// The kinds. All but Bounded count: no interval belongs to them, and their answer
// is only known when the run is over.
const (
	Bounded Kind = "bounded" // the bound on the bad side is below the limit
	Every   Kind = "every"   // every case is good
	None    Kind = "none"    // there is no case
	Same    Kind = "same"    // the count is the limit
)

// Rule describes a gate: what it asks, in what unit, and how it is judged. What
// writes, draws or compares gates takes all that it says of one from here.
type Rule struct {
	Name     string // in files, on command lines and in metrics: error_rate
	Short    string // at the head of a column: errors
	Title    string // on a page: Error rate
	Question string // what it asks, for the manual
	Unit     Unit
	Kind     Kind
	Preset   float64   // limit of the default policy; 0: it has no limit
	Cases    [2]string // of a gate that asks for every case, or for none: what its cases are, one and many
	Place    int       // in the order in which gates are judged and shown
	Gravity  int       // of the broken gates the one with the most is told first
	Trend    bool      // its number can drift from run to run
	Server   bool      // it rests on what the server says of itself

	Judge func(Policy, Evidence) Gate
	Asked func(Evidence) bool // nil: of every run
}

// HasLimit reports whether the gate has a limit that can be set.
func (r *Rule) HasLimit() bool { return r.Preset != 0 }

// rules are all gates, in their order.
var rules []Rule

// Register adds a gate and returns what takes it away again.
func Register(r Rule) (remove func()) {
	rules = append(rules, r)
	slices.SortStableFunc(rules, func(a, b Rule) int { return cmp.Compare(a.Place, b.Place) })
	return func() { rules = slices.DeleteFunc(rules, func(other Rule) bool { return other.Name == r.Name }) }
}

// Rules returns all gates in their order; the caller owns the slice.
func Rules() []Rule { return slices.Clone(rules) }

// RuleOf returns the rule of a gate. A name that no gate has is a ratio below a
// limit, so that a verdict of another version can be shown.
func RuleOf(name string) Rule {
	if i := slices.IndexFunc(rules, func(r Rule) bool { return r.Name == name }); i >= 0 {
		return rules[i]
	}
	return Rule{Name: name, Short: name, Title: name, Unit: Ratio, Kind: Bounded}
}

// Names returns the names of all gates in their order; the caller owns the
// slice.
func Names() []string {
	names := make([]string, len(rules))
	for i := range rules {
		names[i] = rules[i].Name
	}
	return names
}
