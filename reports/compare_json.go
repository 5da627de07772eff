package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
)

// CompareJSON writes a comparison as one object, indented, with a line end.
// Ratios are 0–1, latencies ms; a number that does not exist is null. No list is
// null.
func CompareJSON(w io.Writer, r compare.Report) error {
	return encode(w, "comparison", cleanComparison(r))
}

func cleanComparison(r compare.Report) compare.Report {
	for _, s := range []*compare.Subject{&r.Base, &r.Run} {
		s.Directory, s.Build, s.Fault = clean(s.Directory), clean(s.Build), clean(s.Fault)
		s.Verdict, s.State = gate.Result(clean(string(s.Verdict))), run.State(clean(string(s.State)))
	}
	r.Unlike = slices.Clone(r.Unlike)
	for i, d := range r.Unlike {
		r.Unlike[i] = compare.Difference{What: clean(d.What), Base: clean(d.Base), Run: clean(d.Run)}
	}
	r.Notes, r.Failed = cleanAll(r.Notes), cleanAll(r.Failed)
	r.Lines = append([]compare.Line{}, r.Lines...)
	for i := range r.Lines {
		r.Lines[i].Name, r.Lines[i].Reason = clean(r.Lines[i].Name), clean(r.Lines[i].Reason)
	}
	return r
}

// encode writes a value as indented JSON.
func encode(w io.Writer, what string, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("writing the %s as JSON: %w", what, err)
	}
	return nil
}
