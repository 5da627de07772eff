package selftest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/check"
)

// judge compares what was found in each run with what was expected.
func (r *Row) judge(runs ...check.Report) {
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
