package probe

import (
	"errors"
	"fmt"
	"strings"
)

// Format is the version of probe.json.
const Format = 1

// Result is what a probe found; probe.json is its JSON.
type Result struct {
	Format  int     `json:"format"`
	Target  string  `json:"target"` // without credentials
	Date    string  `json:"date"`
	Tag     string  `json:"tag"`
	Build   string  `json:"build,omitempty"` // what the health call or X-App-Version says
	Service string  `json:"service,omitempty"`
	Store   string  `json:"store,omitempty"`
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason,omitempty"`   // why the verdict is Foreign
	Cards   int     `json:"cards"`              // usable cards with the tag
	BoardMS float64 `json:"board_ms,omitempty"` // median of several reads; 0: not measured
	MoveMS  float64 `json:"move_ms,omitempty"`  // median of several accepted moves; 0: not measured
	Lines   []Line  `json:"lines"`

	// Defects are the invariants that the probe has proven broken, by id.
	Defects []Defect `json:"defects,omitempty"`
	Races   []Races  `json:"races,omitempty"` // by number of movers; empty: none was played

	// Warnings are what a reader should know beside the lines.
	Warnings []string `json:"warnings,omitempty"`
}

// Verdict is what the lines come to.
type Verdict string

// The verdicts. Only Foreign ends a pipeline.
const (
	Speaks  Verdict = "speaks"  // no line differs
	Deviant Verdict = "differs" // the named lines differ; a run is meaningful and will show what they do
	Foreign Verdict = "foreign" // another dialect, another API, or nobody there
)

// ErrForeign is what the error of a foreign target is.
var ErrForeign = errors.New("it does not speak the move contract")

// Err returns nil for a target that can be load-tested, else an error with the
// reason that is ErrForeign.
func (r *Result) Err() error {
	if r.Verdict != Foreign {
		return nil
	}
	return fmt.Errorf("probing %s: %w: %s", r.Target, ErrForeign, r.Reason)
}

// decide draws the verdict from the lines.
func (r *Result) decide() {
	switch {
	case r.Reason != "":
		r.Verdict = Foreign
	case len(r.named(Differs)) > 0:
		r.Verdict = Deviant
	default:
		r.Verdict = Speaks
	}
	for i := range r.Lines {
		l := &r.Lines[i]
		if l.State == Unasked && l.Detail == "" {
			l.Detail = r.whyUnasked()
		}
	}
}

// Raced says in one sentence what the races and the questions have proven.
func (r *Result) Raced() string {
	var parts []string
	for _, races := range r.Races {
		parts = append(parts, fmt.Sprintf("%d of %d races of %d movers lost an update", races.Lost, races.Played, races.Of))
	}
	if len(r.Races) == 0 {
		parts = append(parts, "no race was played: "+r.Lines[rowIndex("race")].Detail)
	}
	for _, d := range r.Defects {
		parts = append(parts, fmt.Sprintf("proven: %s, %s", d.ID, d.Sentence))
	}
	return strings.Join(parts, "; ")
}

// later is why the races are not asked yet: they are asked last.
const later = "it is asked after the cards of the run are made"

func (r *Result) whyUnasked() string {
	if r.Verdict == Foreign {
		return "the target does not speak the contract"
	}
	return "the probe ended before"
}

func (r *Result) named(s State) []string {
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
	if r.Verdict == Foreign {
		return "does not speak the move contract: " + r.Reason
	}
	unasked := len(r.named(Unasked))
	if r.Lines[rowIndex("race")].Detail == later {
		unasked--
	}
	s := "speaks the contract"
	if unasked > 0 {
		s += " as far as it was asked"
	}
	if names := r.named(Differs); len(names) > 0 {
		s = fmt.Sprintf("differs from the contract in %s: %s", lines(len(names)), strings.Join(names, ", "))
	}
	if unasked > 0 {
		s += fmt.Sprintf("; %s could not be asked", lines(unasked))
	}
	return s
}

func lines(n int) string {
	if n == 1 {
		return "1 line"
	}
	return fmt.Sprintf("%d lines", n)
}
