package machine

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/k6import"
	"github.com/occbench/occbench/internal/trend"
	"github.com/occbench/occbench/reports/view"
)

// Comparison writes a comparison as one object, indented, with a line end.
// Ratios are 0–1, latencies ms; a number that does not exist is null. No list is
// null.
func Comparison(w io.Writer, r compare.Report) error {
	return encodeJSON(w, "comparison", listComparison(r))
}

// listComparison returns a comparison in which no list is nil.
func listComparison(r compare.Report) compare.Report {
	r.Unlike, r.Lines, r.Notes, r.Failed = listOf(r.Unlike), listOf(r.Lines), listOf(r.Notes), listOf(r.Failed)
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
	r.Notes, r.Thresholds = listOf(r.Notes), listOf(r.Thresholds)
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
	r.Runs, r.Metrics, r.Notes = listOf(r.Runs), listOf(slices.Clone(r.Metrics)), listOf(r.Notes)
	for i := range r.Metrics {
		r.Metrics[i].Changes = listOf(r.Metrics[i].Changes)
	}
	return encodeJSON(w, "trend", r)
}
