package selftest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/check"
)

// Row is the result of one case.
type Row struct {
	API        string   `json:"api"`
	Case       string   `json:"case"`
	Expected   string   `json:"expected"` // the invariant that the fault breaks; empty: nothing may be found
	Result     Result   `json:"result"`
	Also       []string `json:"also"`       // other invariants that were found broken
	Reason     string   `json:"reason"`     // why a case is not as it should be
	Runs       int      `json:"runs"`       // of the case
	FoundIn    int      `json:"found_in"`   // of them, in which what was expected was found
	Operations int64    `json:"operations"` // in the histories of the case
	Strikes    int64    `json:"strikes"`    // how often the fault struck
}

// Result is the result of a case.
type Result string

// The results. Found and Clean are what a prover owes.
const (
	Found    Result = "found"    // the fault, and named right
	Clean    Result = "clean"    // nothing, where nothing is wrong
	Missed   Result = "missed"   // the fault was not found in every run, or never struck, or could not be judged
	Accused  Result = "accused"  // a correct server
	Untested Result = "untested" // the case could not be played
)

// OK reports whether the case is as it should be.
func (r Row) OK() bool { return r.Result == Found || r.Result == Clean }

// judgeReports compares what was found in each run with what was expected.
func (r *Row) judgeReports(runs ...check.Report) {
	unjudged, accusation := "", ""
	for _, report := range runs {
		if !report.Judged {
			unjudged = "not judged: " + strings.Join(report.Why, "; ")
		}
		for i := range report.Anomalies {
			f := &report.Anomalies[i]
			switch id := f.ID.String(); {
			case id == r.Expected:
				r.FoundIn++
			case !slices.Contains(r.Also, id):
				r.Also = append(r.Also, id)
				accusation = f.Sentence
			}
		}
	}
	switch {
	case unjudged != "":
		r.Result, r.Reason = Missed, unjudged
	case r.Expected == "" && len(r.Also) > 0:
		r.Result, r.Reason = Accused, accusation
	case r.Expected == "":
		r.Result = Clean
	case r.FoundIn == len(runs):
		r.Result = Found
	case r.Strikes == 0:
		r.Result, r.Reason = Missed, "the fault never struck"
	default:
		r.Result, r.Reason = Missed, "the fault struck and was not found"
		if len(runs) > 1 {
			r.Reason += fmt.Sprintf(" in %d of %d runs", len(runs)-r.FoundIn, len(runs))
		}
	}
}

// Outcome is the result in words: of several runs, how many found what was
// expected.
func (r Row) Outcome() string {
	if r.Runs > 1 && r.Result != Untested {
		return fmt.Sprintf("found in %d of %d", r.FoundIn, r.Runs)
	}
	return string(r.Result)
}
