package machine

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/k6import"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/trend"
	"github.com/occbench/occbench/reports/view"
)

// Comparison writes a comparison as one object, indented, with a line end.
// Ratios are 0–1, latencies ms; a number that does not exist is null. No list is
// null.
func Comparison(w io.Writer, r compare.Report) error {
	return encodeJSON(w, "comparison", cleanComparison(r))
}

func cleanComparison(r compare.Report) compare.Report {
	for _, s := range []*compare.Subject{&r.Base, &r.Run} {
		s.Directory, s.Build, s.Fault = view.CleanText(s.Directory), view.CleanText(s.Build), view.CleanText(s.Fault)
		s.Verdict, s.State = gate.Result(view.CleanText(string(s.Verdict))), run.State(view.CleanText(string(s.State)))
	}
	r.Unlike = slices.Clone(r.Unlike)
	for i, d := range r.Unlike {
		r.Unlike[i] = compare.Difference{What: view.CleanText(d.What), Base: view.CleanText(d.Base), Run: view.CleanText(d.Run)}
	}
	r.Notes, r.Failed = view.CleanAll(r.Notes), view.CleanAll(r.Failed)
	r.Lines = append([]compare.Line{}, r.Lines...)
	for i := range r.Lines {
		r.Lines[i].Name, r.Lines[i].Reason = view.CleanText(r.Lines[i].Name), view.CleanText(r.Lines[i].Reason)
	}
	return r
}

// encodeJSON writes a value as indented JSON.
func encodeJSON(w io.Writer, what string, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("writing the %s as JSON: %w", what, err)
	}
	return nil
}

// Import writes the same as one object.
func Import(w io.Writer, r k6import.Result) error {
	r.File, r.Notes = view.CleanText(r.File), view.CleanAll(r.Notes)
	thresholds := make([]k6import.Threshold, len(r.Thresholds))
	for i, t := range r.Thresholds {
		thresholds[i] = k6import.Threshold{Metric: view.CleanText(t.Metric), Expression: view.CleanText(t.Expression), Crossed: t.Crossed}
	}
	r.Thresholds = thresholds
	return encodeJSON(w, "import", r)
}

// Plan writes a plan as one object, indented, with a line end.
func Plan(w io.Writer, p view.Plan) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	var declared struct {
		Load  json.RawMessage `json:"contention"`
		Races json.RawMessage `json:"races"`
	}
	text, err := json.Marshal(p.Spec.WithoutCredentials())
	if err == nil {
		err = json.Unmarshal(text, &declared)
	}
	if err == nil {
		err = e.Encode(struct {
			Load  json.RawMessage `json:"load"`
			Races json.RawMessage `json:"races,omitempty"`
			view.Plan
		}{declared.Load, declared.Races, p})
	}
	if err != nil {
		return fmt.Errorf("writing the plan as JSON: %w", err)
	}
	return nil
}

// Study writes a study as one object, indented, with a line end.
func Study(w io.Writer, s view.BackoffStudy) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		return fmt.Errorf("writing the study as JSON: %w", err)
	}
	return nil
}

// Trend writes the runs of a folder as one object, indented, with a line
// end.
func Trend(w io.Writer, r trend.Report) error {
	r.Directory, r.Reference, r.Notes = view.CleanText(r.Directory), view.CleanText(r.Reference), view.CleanAll(r.Notes)
	r.Runs = slices.Clone(r.Runs)
	for i := range r.Runs {
		run := &r.Runs[i]
		run.Name, run.Build = view.CleanText(run.Name), view.CleanText(run.Build)
		run.Fault, run.Why = view.CleanText(run.Fault), view.CleanText(run.Why)
		run.Verdict = gate.Result(view.CleanText(string(run.Verdict)))
	}
	r.Metrics = slices.Clone(r.Metrics)
	for i, m := range r.Metrics {
		m.Changes = slices.Clone(m.Changes)
		for j := range m.Changes {
			c := &m.Changes[j]
			c.Run, c.Build, c.BuildBefore = view.CleanText(c.Run), view.CleanText(c.Build), view.CleanText(c.BuildBefore)
		}
		r.Metrics[i] = m
	}
	return encodeJSON(w, "trend", r)
}
