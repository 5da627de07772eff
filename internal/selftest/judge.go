package selftest

import (
	"strings"

	"github.com/occbench/occbench/internal/check"
)

// judge compares what was found with what was expected.
func (r *Row) judge(report check.Report) {
	found := false
	for i := range report.Findings {
		if id := report.Findings[i].ID.String(); id == r.Expected {
			found = true
		} else {
			r.Also = append(r.Also, id)
		}
	}
	switch {
	case !report.Judged:
		r.Result, r.Reason = Missed, "not judged: "+strings.Join(report.Why, "; ")
	case r.Expected == "" && len(r.Also) > 0:
		r.Result, r.Reason = Accused, report.Findings[0].Sentence
	case r.Expected == "":
		r.Result = Clean
	case found:
		r.Result = Found
	case r.Strikes == 0:
		r.Result, r.Reason = Missed, "the fault never struck"
	default:
		r.Result, r.Reason = Missed, "the fault struck and was not found"
	}
}
