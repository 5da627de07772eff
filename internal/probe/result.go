package probe

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
)

// Format is the version of probe.json.
const Format = 2

// Result is the result of a probe; probe.json is its JSON.
type Result struct {
	Format   int     `json:"format"`
	API      string  `json:"api"`
	Record   string  `json:"record"` // what the API calls a record
	Target   string  `json:"target"` // without credentials
	Date     string  `json:"date,omitempty"`
	Tag      string  `json:"tag"`
	Build    string  `json:"build,omitempty"` // what the health call or the header of the build says
	Service  string  `json:"service,omitempty"`
	Store    string  `json:"store,omitempty"`
	Verdict  Verdict `json:"verdict"`
	Reason   string  `json:"reason,omitempty"`    // why there is nothing to load-test
	Records  int     `json:"records"`             // usable records of ours that were found
	ReadMS   float64 `json:"read_ms,omitempty"`   // median of several reads, of the list where there is one; 0: not measured
	UpdateMS float64 `json:"update_ms,omitempty"` // median of several accepted updates; 0: not measured
	Lines    []Line  `json:"lines"`

	// Defects are the invariants that the probe has proven broken, by id.
	Defects []Defect `json:"defects,omitempty"`
	Races   []Races  `json:"races,omitempty"` // by number of racers; empty: none was played

	// Warnings stand beside the lines in a report.
	Warnings []string `json:"warnings,omitempty"`
}

// Defect is an invariant that the probe has proven broken, by the same rules as
// the checker proves it from a run. It is evidence whatever the load meets.
type Defect struct {
	ID       check.ID         `json:"id"`
	Sentence string           `json:"sentence"`
	Proof    []check.Evidence `json:"proof"` // by start; its lines are 0, since the probe writes no history
}

// Races are the results of the races with one number of racers. A race in which an
// answer is missing shows nothing and was not played, unless two won it all the
// same.
type Races struct {
	Of     int `json:"of"`     // attempts with the same token at once
	Played int `json:"played"` // races in which every attempt was answered, or two were confirmed
	Lost   int `json:"lost"`   // those of them in which several attempts were confirmed, so that updates were lost
}

// Verdict sums up the lines.
type Verdict string

// The verdicts. Foreign and Unconditional end a pipeline.
const (
	Speaks        Verdict = "speaks"        // no line differs
	Deviant       Verdict = "differs"       // the named lines differ; a run is meaningful and will show what they do
	Foreign       Verdict = "foreign"       // another API, or no answer at all
	Unconditional Verdict = "unconditional" // no condition is honoured, so there is nothing to judge
)

// ErrForeign is wrapped by the error of a foreign target, and errUnconditional by that of
// one which honours no condition.
var (
	ErrForeign       = errors.New("it does not speak the API")
	errUnconditional = errors.New("no condition is honoured, there is nothing to judge")
)

// Err returns nil for a target that can be load-tested, else an error with the
// reason that is ErrForeign or errUnconditional.
func (r *Result) Err() error {
	switch r.Verdict {
	case Foreign:
		return fmt.Errorf("probing %s: %w %s: %s", r.Target, ErrForeign, r.API, r.Reason)
	case Unconditional:
		return fmt.Errorf("probing %s: %w: %s", r.Target, errUnconditional, r.Reason)
	}
	return nil
}

// decideVerdict draws the verdict from the lines.
func (r *Result) decideVerdict() {
	switch {
	case r.Verdict == Unconditional:
	case r.Reason != "":
		r.Verdict = Foreign
	case len(r.listNamed(Differs)) > 0:
		r.Verdict = Deviant
	default:
		r.Verdict = Speaks
	}
	for i := range r.Lines {
		l := &r.Lines[i]
		if l.State == Unasked && l.Detail == "" {
			l.Detail = r.explainUnasked()
		}
	}
}

// findLine returns the line of a name, nil where this API has none.
func (r *Result) findLine(name string) *Line {
	i := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Name == name })
	if i < 0 {
		return nil
	}
	return &r.Lines[i]
}

// DescribeRaces says in one sentence what the races and the questions have proven.
func (r *Result) DescribeRaces() string {
	var parts []string
	for _, races := range r.Races {
		parts = append(parts, fmt.Sprintf("%d of %d races of %d racers lost an update", races.Lost, races.Played, races.Of))
	}
	if len(r.Races) == 0 {
		parts = append(parts, "no race was played: "+r.findLine("race").Detail)
	}
	for _, d := range r.Defects {
		parts = append(parts, fmt.Sprintf("proven: %s, %s", d.ID, strings.TrimSuffix(d.Sentence, ".")))
	}
	return strings.Join(parts, "; ")
}

// later is why the races are not asked yet: they are asked last.
const later = "it is asked after the records of the run are made"

func (r *Result) explainUnasked() string {
	switch r.Verdict {
	case Foreign:
		return "the target does not speak the API"
	case Unconditional:
		return "no condition is honoured"
	}
	return "the probe ended before"
}

func (r *Result) listNamed(s State) []string {
	var names []string
	for _, l := range r.Lines {
		if l.State == s {
			names = append(names, l.Name)
		}
	}
	return names
}

// Summary says the verdict in one sentence. Lines that could not be asked are
// part of it: not asked is not kept.
func (r *Result) Summary() string {
	switch r.Verdict {
	case Foreign:
		return "does not speak the API " + r.API + ": " + r.Reason
	case Unconditional:
		return errUnconditional.Error() + ": " + r.Reason
	}
	unasked := len(r.listNamed(Unasked))
	if l := r.findLine("race"); l.State == Unasked && l.Detail == later {
		unasked--
	}
	s := "speaks the API " + r.API
	if unasked > 0 {
		s += " as far as it was asked"
	}
	if names := r.listNamed(Differs); len(names) > 0 {
		s = fmt.Sprintf("differs from the API %s in %s: %s", r.API, amount.Plural(len(names), "line", "lines"), strings.Join(names, ", "))
	}
	if names := r.listNamed(Noted); len(names) > 0 {
		s += "; to note: " + strings.Join(names, ", ")
	}
	if unasked > 0 {
		s += fmt.Sprintf("; %s could not be asked", amount.Plural(unasked, "line", "lines"))
	}
	return s
}

// addDefects keeps one defect of each invariant, by id.
func (r *Result) addDefects(all []Defect) {
	slices.SortStableFunc(all, func(a, b Defect) int { return cmp.Compare(a.ID, b.ID) })
	r.Defects = slices.CompactFunc(all, func(a, b Defect) bool { return a.ID == b.ID })
	for i := range r.Defects {
		for j := range r.Defects[i].Proof {
			r.Defects[i].Proof[j].Line = 0
		}
	}
}
