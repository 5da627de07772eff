package reports

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	prom "github.com/prometheus/common/model"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/reports/machine"
	"github.com/occbench/occbench/reports/markdown"
	"github.com/occbench/occbench/reports/text"
	"github.com/occbench/occbench/reports/view"
)

// listAllRuns returns every run of the tests, and the zero Run.
func listAllRuns(t *testing.T) map[string]view.Run {
	all := newRuns(t)
	all["zero"] = view.Run{}
	return all
}

func TestSameInputSameBytes(t *testing.T) {
	for name, run := range listAllRuns(t) {
		for _, f := range Formats() {
			if diff := cmp.Diff(writeRun(t, f, run), writeRun(t, f, run)); diff != "" {
				t.Errorf("%s as %s differs from itself\n%s", name, f.Name, diff)
			}
		}
	}
}

func TestFormatsHaveNamesAndFiles(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Formats() {
		if f.Name == "" || f.File == "" || seen[f.Name] || seen[f.File] {
			t.Errorf("%+v", f)
		}
		seen[f.Name], seen[f.File] = true, true
	}
}

func TestJUnitStructure(t *testing.T) {
	for name, run := range listAllRuns(t) {
		t.Run(name, func(t *testing.T) {
			text := writeRun(t, Format{Write: machine.JUnit}, run)
			wellFormed(t, text)
			var doc machine.JUnitSuites
			if err := xml.Unmarshal([]byte(text), &doc); err != nil {
				t.Fatal(err)
			}
			var sum machine.JUnitSuites
			for _, s := range doc.Suites {
				var own machine.JUnitSuite
				for _, c := range s.Cases {
					countCase(&own, c)
					if c.Name == "" || c.Class == "" || c.Failure != nil && c.Error != nil {
						t.Errorf("%+v", c)
					}
				}
				if s.Tests != own.Tests || s.Failures != own.Failures || s.Errors != own.Errors || s.Skipped != own.Skipped || s.Tests != len(s.Cases) {
					t.Errorf("%s says %d tests, %d failures, %d errors, %d skipped; counted %+v", s.Name, s.Tests, s.Failures, s.Errors, s.Skipped, own)
				}
				sum.Tests, sum.Failures, sum.Errors = sum.Tests+s.Tests, sum.Failures+s.Failures, sum.Errors+s.Errors
			}
			if doc.Tests != sum.Tests || doc.Failures != sum.Failures || doc.Errors != sum.Errors {
				t.Errorf("the whole says %+v", doc)
			}
			if green := doc.Failures+doc.Errors == 0; green != (run.Verdict.Verdict == gate.Pass) {
				t.Errorf("the verdict is %q, with %d failures and %d errors", run.Verdict.Verdict, doc.Failures, doc.Errors)
			}
			gates := len(run.Verdict.Gates) + len(run.Verdict.SwitchedOff)
			if gates == 0 {
				gates = len(gate.Names())
			}
			if want := 1 + gates + len(check.Invariants()); doc.Tests != want {
				t.Errorf("%d cases, want %d", doc.Tests, want)
			}
		})
	}
}

func countCase(s *machine.JUnitSuite, c machine.JUnitCase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

// wellFormed reads all tokens and asks for the elements that CI servers know.
func wellFormed(t *testing.T, text string) {
	t.Helper()
	known := []string{"testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped", "system-out"}
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok && !slices.Contains(known, start.Name.Local) {
			t.Errorf("<%s>", start.Name.Local)
		}
	}
}

func TestJUnitTypes(t *testing.T) {
	all := newRuns(t)
	for _, tt := range []struct {
		run, suite, name, want string
	}{
		{"pass", "gates", gate.P95, "passed"},
		{"fail", "gates", gate.P95, "failure failed"},
		{"fail", "invariants", "OCC-01 lost update", "failure failed"},
		{"fail", "invariants", "OCC-02 version skew", "passed"},
		{"inconclusive", "gates", gate.P95, "failure inconclusive"},
		{"open", "gates", gate.Recovery, "skipped"},
		{"partial", "run", "evidence", "failure inconclusive"},
		{"hostile", "run", "evidence", "error error"},
		{"no-files", "invariants", "OCC-01 lost update", "failure inconclusive"},
	} {
		t.Run(tt.run+" "+tt.name, func(t *testing.T) {
			var doc machine.JUnitSuites
			if err := xml.Unmarshal([]byte(writeRun(t, Format{Write: machine.JUnit}, all[tt.run])), &doc); err != nil {
				t.Fatal(err)
			}
			got := "missing"
			for _, s := range doc.Suites {
				for _, c := range s.Cases {
					if c.Class == "occbench."+tt.suite && c.Name == tt.name {
						got = nameOutcome(c)
					}
				}
			}
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func nameOutcome(c machine.JUnitCase) string {
	switch {
	case c.Failure != nil:
		return "failure " + c.Failure.Type
	case c.Error != nil:
		return "error " + c.Error.Type
	case c.Skipped != nil:
		return "skipped"
	}
	return "passed"
}

// The rules of the schema that a reader relies on: no other keys, the required
// ones, the words of a status, integers, and sums that agree.
func TestCTRFSchema(t *testing.T) {
	for name, run := range listAllRuns(t) {
		t.Run(name, func(t *testing.T) {
			text := writeRun(t, Format{Write: machine.CTRF}, run)
			for _, key := range []string{"reportFormat", "specVersion", "results", "tool", "summary", "tests", "passed", "failed", "skipped", "pending", "other", "start", "stop"} {
				if !strings.Contains(text, `"`+key+`":`) {
					t.Errorf("%s is missing", key)
				}
			}
			d := json.NewDecoder(strings.NewReader(text))
			d.DisallowUnknownFields()
			var doc machine.CTRFReport
			if err := d.Decode(&doc); err != nil {
				t.Fatal(err)
			}
			if doc.Format != "CTRF" || !regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`).MatchString(doc.Version) || doc.Results.Tool.Name == "" {
				t.Errorf("%q %q %q", doc.Format, doc.Version, doc.Results.Tool.Name)
			}
			counts := map[string]int{}
			for _, test := range doc.Results.Tests {
				counts[test.Status]++
				if test.Name == "" || test.Duration < 0 || len(test.Suite) == 0 {
					t.Errorf("%+v", test)
				}
				if test.RawStatus == "inconclusive" && test.Status != "other" {
					t.Errorf("%s is %s", test.Name, test.Status)
				}
			}
			s := doc.Results.Summary
			want := map[string]int{"passed": s.Passed, "failed": s.Failed, "skipped": s.Skipped, "other": s.Other}
			maps.DeleteFunc(want, func(_ string, n int) bool { return n == 0 })
			if diff := cmp.Diff(want, counts); diff != "" || s.Tests != len(doc.Results.Tests) || s.Stop < s.Start || s.Pending != 0 {
				t.Errorf("summary %+v (-said +counted)\n%s", s, diff)
			}
		})
	}
}

// The file ends as OpenMetrics wants it, and Prometheus' own parser of the older
// text format, the one of the node exporter, reads it.
func TestOpenMetricsIsRead(t *testing.T) {
	for name, run := range listAllRuns(t) {
		t.Run(name, func(t *testing.T) {
			text := writeRun(t, Format{Write: machine.OpenMetrics}, run)
			if !strings.HasSuffix(text, "\n# EOF\n") || strings.Count(text, "# EOF") != 1 {
				t.Errorf("it ends in %q", text[max(0, len(text)-20):])
			}
			parser := expfmt.NewTextParser(prom.LegacyValidation)
			families, err := parser.TextToMetricFamilies(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			verdict := ""
			for name, f := range families {
				if f.GetType() != dto.MetricType_GAUGE || f.GetHelp() == "" || !strings.HasPrefix(name, "occbench_") {
					t.Errorf("%s is a %s, %q", name, f.GetType(), f.GetHelp())
				}
				for _, m := range f.GetMetric() {
					ofTarget := slices.ContainsFunc(m.GetLabel(), func(l *dto.LabelPair) bool { return l.GetName() == "target" && l.GetValue() != "" })
					if run.Manifest != nil && run.Manifest.Spec.Target != "" && !ofTarget {
						t.Errorf("%s has a series without target: %s", name, m)
					}
				}
				if name != "occbench_verdict" {
					continue
				}
				for _, m := range f.GetMetric() {
					if m.GetGauge().GetValue() == 1 {
						verdict += m.GetLabel()[0].GetValue()
					}
				}
			}
			if want := string(run.Verdict.Verdict.WorseOf(gate.Pass)); verdict != want {
				t.Errorf("the verdict is %q, want %s", verdict, want)
			}
		})
	}
}

var (
	codeBlocks = regexp.MustCompile("(?ms)^(`{3,})[a-z]*\n.*?^(`{3,})$")
	codeSpans  = regexp.MustCompile("(`+) .*? (`+)")
	ourTags    = regexp.MustCompile(`</?(details|summary)>`)
)

// Outside of code nothing that came from elsewhere can be markup.
func TestMarkdownIsSafe(t *testing.T) {
	for name, run := range listAllRuns(t) {
		t.Run(name, func(t *testing.T) {
			text := writeRun(t, Format{Write: markdown.Report}, run)
			if len(text) >= 1<<20 {
				t.Errorf("%d bytes", len(text))
			}
			if strings.Count(text, "<details>") != strings.Count(text, "</details>")-strings.Count(text, "</pre></details>") {
				t.Error("a folded part is not closed")
			}
			bare := ourTags.ReplaceAllString(codeSpans.ReplaceAllString(codeBlocks.ReplaceAllString(text, ""), ""), "")
			for _, bad := range []string{"<", "![", "](", "://", "@", "```", "javascript:a\x00"} {
				if strings.Contains(bare, bad) {
					t.Errorf("%q in\n%s", bad, bare)
				}
			}
			for line := range strings.Lines(text) {
				if strings.HasPrefix(line, "| ") && strings.Count(codeSpans.ReplaceAllString(line, ""), "|") > 9 {
					t.Errorf("a bar of the target's cuts a cell: %s", line)
				}
			}
		})
	}
}

func TestDecisions(t *testing.T) {
	all := listAllRuns(t)
	for name, want := range map[string]view.Decision{
		"pass":         {Word: "PASS", Sentence: "The server broke no invariant in 2,100 recorded operations; we are 95 % sure that fewer than 0.3 % of moves fail, and as sure that 95 of 100 moves are answered within 24.1 ms."},
		"fail":         {Word: "FAIL", Sentence: "The server broke its invariants in 13 cases. The clearest case: Two moves of appointment 17 were both confirmed although both started from version 4, so one was overwritten. 3 other limits are broken too."},
		"inconclusive": {Word: "INCONCLUSIVE", Sentence: "Not enough data. Between 0 % and 22.1 % of updates fail, which does not settle the limit of 1 %; needs about 287 more updates (15 s at this rate). We are 95 % sure of the upper end."},
		"partial":      {Word: "INCONCLUSIVE", Sentence: "The run is partial: interrupted by SIGINT 38 s into 60 s."},
		"no-files":     {Word: "INCONCLUSIVE", Sentence: "Not every file is there: history.csv is missing (occbench run writes it)."},
		"zero":         {Word: "INCONCLUSIVE", Sentence: "Nothing has been decided about this run."},
	} {
		if diff := cmp.Diff(want, view.Decide(all[name])); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestFindingsAreNarrowAndSafe(t *testing.T) {
	for name, run := range listAllRuns(t) {
		if run.Anomalies == nil {
			continue
		}
		var b bytes.Buffer
		if err := text.Plain.Anomalies(&b, *run.Anomalies, noun.Words{}); err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			checkNarrow(t, b.String())
			checkGolden(t, name+"/findings.txt", b.String())
		})
	}
}
