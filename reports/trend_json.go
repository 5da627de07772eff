package reports

import (
	"io"
	"slices"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/trend"
)

// TrendJSON writes the runs of a folder as one object, indented, with a line
// end.
func TrendJSON(w io.Writer, r trend.Report) error {
	r.Directory, r.Reference, r.Notes = clean(r.Directory), clean(r.Reference), cleanAll(r.Notes)
	r.Runs = slices.Clone(r.Runs)
	for i := range r.Runs {
		run := &r.Runs[i]
		run.Name, run.Build, run.Fault, run.Why = clean(run.Name), clean(run.Build), clean(run.Fault), clean(run.Why)
		run.Verdict = gate.Result(clean(string(run.Verdict)))
	}
	r.Metrics = slices.Clone(r.Metrics)
	for i, m := range r.Metrics {
		m.Changes = slices.Clone(m.Changes)
		for j := range m.Changes {
			c := &m.Changes[j]
			c.Run, c.Build, c.BuildBefore = clean(c.Run), clean(c.Build), clean(c.BuildBefore)
		}
		r.Metrics[i] = m
	}
	return encode(w, "trend", r)
}
