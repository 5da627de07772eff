package machine

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/occbench/occbench/reports/view"
)

// The document of the Common Test Report Format, https://ctrf.io.
type (
	CTRFReport struct {
		Format      string      `json:"reportFormat"`
		Version     string      `json:"specVersion"`
		GeneratedBy string      `json:"generatedBy"`
		Results     cTRFResults `json:"results"`
	}
	cTRFResults struct {
		Tool        cTRFTool         `json:"tool"`
		Summary     cTRFSummary      `json:"summary"`
		Tests       []cTRFTest       `json:"tests"`
		Environment *cTRFEnvironment `json:"environment,omitempty"`
	}
	cTRFTool struct {
		Name    string `json:"name"`
		Version string `json:"version,omitempty"`
	}
	cTRFSummary struct {
		Tests   int   `json:"tests"`
		Passed  int   `json:"passed"`
		Failed  int   `json:"failed"`
		Skipped int   `json:"skipped"`
		Pending int   `json:"pending"`
		Other   int   `json:"other"`
		Suites  int   `json:"suites"`
		Start   int64 `json:"start"` // ms since 1970
		Stop    int64 `json:"stop"`
	}
	cTRFTest struct {
		Name      string   `json:"name"`
		Status    string   `json:"status"`
		Duration  int64    `json:"duration"` // ms
		Suite     []string `json:"suite"`
		Message   string   `json:"message,omitempty"`
		Trace     string   `json:"trace,omitempty"`
		RawStatus string   `json:"rawStatus"`
	}
	cTRFEnvironment struct {
		App     string            `json:"appName,omitempty"`
		Version string            `json:"appVersion,omitempty"`
		Extra   map[string]string `json:"extra,omitempty"`
	}
)

// CTRF writes a test report in the Common Test Report Format. What is
// inconclusive is other: neither passed nor failed.
func CTRF(w io.Writer, run view.Run) error {
	start, end := findSpan(run)
	doc := CTRFReport{Format: "CTRF", Version: "0.0.0", GeneratedBy: "occbench", Results: cTRFResults{
		Tool: cTRFTool{Name: "occbench"}, Tests: []cTRFTest{}, Environment: ctrfSubject(run),
		Summary: cTRFSummary{Start: unixMilliseconds(start), Stop: unixMilliseconds(end)},
	}}
	if run.Manifest != nil {
		doc.Results.Tool.Version = run.Manifest.ToolVersion
	}
	suites := map[string]bool{}
	for _, c := range listCases(run) {
		suites[c.Suite] = true
		doc.Results.add(c)
	}
	doc.Results.Summary.Suites = len(suites)
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(doc); err != nil {
		return fmt.Errorf("writing the report as CTRF: %w", err)
	}
	return nil
}

func (r *cTRFResults) add(c testCase) {
	t := cTRFTest{Name: c.Name, Suite: []string{"occbench", c.Suite}, Message: c.Message, Trace: c.Detail, RawStatus: string(c.Outcome)}
	s := &r.Summary
	s.Tests++
	switch c.Outcome {
	case passing:
		t.Status = "passed"
		s.Passed++
	case failing, broke:
		t.Status = "failed"
		s.Failed++
	case skipped:
		t.Status = "skipped"
		s.Skipped++
	default:
		t.Status = "other"
		s.Other++
	}
	r.Tests = append(r.Tests, t)
}

func ctrfSubject(run view.Run) *cTRFEnvironment {
	e := &cTRFEnvironment{Extra: map[string]string{"verdict": view.Headline(string(run.Verdict.Verdict), run.Verdict)}}
	if lines := view.Caveats(run); len(lines) > 0 {
		e.Extra["caveats"] = strings.Join(lines, " ")
	}
	for _, f := range append(view.ListProvenance(run), view.ListContention(run)...) {
		e.Extra[f.Name] = f.Value
	}
	if m := run.Manifest; m != nil {
		e.App, e.Version = m.Spec.Target, view.ShortenText(m.TargetBuild, view.Longest)
	}
	return e
}

func unixMilliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
