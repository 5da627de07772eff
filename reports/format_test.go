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
	"time"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	prom "github.com/prometheus/common/model"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
)

// every run that the tests know, the zero Run among them.
func every(t *testing.T) map[string]Run {
	all := runs(t)
	all["zero"] = Run{}
	return all
}

func TestSameInputSameBytes(t *testing.T) {
	for name, run := range every(t) {
		for _, f := range Formats() {
			if diff := cmp.Diff(written(t, f, run), written(t, f, run)); diff != "" {
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
	for name, run := range every(t) {
		t.Run(name, func(t *testing.T) {
			text := written(t, Format{Write: JUnit}, run)
			wellFormed(t, text)
			var doc jUnitSuites
			if err := xml.Unmarshal([]byte(text), &doc); err != nil {
				t.Fatal(err)
			}
			var sum jUnitSuites
			for _, s := range doc.Suites {
				var own jUnitSuite
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
			if want := 1 + gates + 12; doc.Tests != want {
				t.Errorf("%d cases, want %d", doc.Tests, want)
			}
		})
	}
}

func countCase(s *jUnitSuite, c jUnitCase) {
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
	all := runs(t)
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
			var doc jUnitSuites
			if err := xml.Unmarshal([]byte(written(t, Format{Write: JUnit}, all[tt.run])), &doc); err != nil {
				t.Fatal(err)
			}
			got := "missing"
			for _, s := range doc.Suites {
				for _, c := range s.Cases {
					if c.Class == "occbench."+tt.suite && c.Name == tt.name {
						got = ended(c)
					}
				}
			}
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func ended(c jUnitCase) string {
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
	for name, run := range every(t) {
		t.Run(name, func(t *testing.T) {
			text := written(t, Format{Write: CTRF}, run)
			for _, key := range []string{"reportFormat", "specVersion", "results", "tool", "summary", "tests", "passed", "failed", "skipped", "pending", "other", "start", "stop"} {
				if !strings.Contains(text, `"`+key+`":`) {
					t.Errorf("%s is missing", key)
				}
			}
			d := json.NewDecoder(strings.NewReader(text))
			d.DisallowUnknownFields()
			var doc cTRFReport
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
	for name, run := range every(t) {
		t.Run(name, func(t *testing.T) {
			text := written(t, Format{Write: OpenMetrics}, run)
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
			if want := string(run.Verdict.Verdict.Worse(gate.Pass)); verdict != want {
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
	for name, run := range every(t) {
		t.Run(name, func(t *testing.T) {
			text := written(t, Format{Write: Markdown}, run)
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

func TestCode(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain": "` plain `", "a`b": "`` a`b ``", "``` x": "```` ``` x ````", "a|b": "` a¦b `",
	} {
		if got := code(in); got != want {
			t.Errorf("code(%q) = %q, want %q", in, got, want)
		}
	}
	if got := codeBlock("sh", []string{"a", "````", "\x1b[2J"}); got != "`````sh\na\n````\n�[2J\n`````\n" {
		t.Errorf("%q", got)
	}
}

func TestDecisions(t *testing.T) {
	all := every(t)
	for name, want := range map[string]decision{
		"pass":         {"PASS", "The server broke no invariant in 2,100 recorded operations; we are 95 % sure that fewer than 0.3 % of moves fail, and as sure that 95 of 100 moves are answered within 24.1 ms."},
		"fail":         {"FAIL", "The server broke its invariants 13 times. The clearest case: 2 moves of appointment 17 were all confirmed although each of them started from version 4: all but one are lost. 3 other limits are broken too."},
		"inconclusive": {"INCONCLUSIVE", "Too little is known. Between 0 % and 22.1 % of moves fail, which does not settle the limit of 1 %; needs about 287 more moves (15 s at this rate). We are 95 % sure that it is not more."},
		"partial":      {"INCONCLUSIVE", "The run is partial: interrupted by SIGINT 38 s into 60 s."},
		"no-files":     {"INCONCLUSIVE", "Not every file is there: history.csv is missing (occbench run writes it)."},
		"zero":         {"INCONCLUSIVE", "Nothing has been decided about this run."},
	} {
		if diff := cmp.Diff(want, decide(all[name])); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// A failure without an anomaly says how sure it is.
func TestDecisionOfASlowServer(t *testing.T) {
	low := 580.0
	run := Run{Verdict: gate.Verdict{Verdict: gate.Fail, Confidence: 0.95, Gates: []gate.Gate{{
		Name: gate.P95, Lower: &low, Limit: 400, Verdict: gate.Fail, Reason: reason.New("p95_above", "lower", 580.0, "limit", 400.0, "confidence", 0.95)}}}}
	want := decision{"FAIL", "We are 95 % sure that at least 5 of 100 moves take 580 ms or longer; the limit is 400 ms."}
	if diff := cmp.Diff(want, decide(run)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What an earlier look decided stands, also where the bounds have drifted back
// over the limit since; no sentence then says that they have not.
func TestDecisionOfAnEarlierLook(t *testing.T) {
	low, high := 0.008, 0.013
	g := gate.Gate{Name: gate.ErrorRate, Lower: &low, Upper: &high, Limit: 0.01, N: 900}
	for verdict, tt := range map[gate.Result]struct {
		why  reason.Reason
		want string
	}{
		gate.Pass: {reason.New("rate_below", "upper", 0.009, "limit", 0.01, "does", "fail"), "fewer than 0.9 % of moves fail; decided by the look after 12.0 s"},
		gate.Fail: {reason.New("rate_above", "lower", 0.012, "limit", 0.01, "does", "fail"), "more than 1.2 % of moves fail; the limit is 1 %; decided by the look after 12.0 s"},
	} {
		g.Verdict, g.Reason = verdict, reason.New("decided_early", "why", tt.why, "after", 12.0)
		run := Run{Verdict: gate.Verdict{Verdict: verdict, Confidence: 0.95, Anytime: true, Gates: []gate.Gate{g}}}
		if got := decide(run).Sentence; !strings.Contains(got, tt.want) || strings.Contains(got, "0.8 %") || strings.Contains(got, "1.3 %") {
			t.Errorf("%s: %s, want … %s …", verdict, got, tt.want)
		}
	}
}

// A p95 that is not settled is told without the word.
func TestClaimOfAnOpenP95(t *testing.T) {
	g := gate.Gate{Name: gate.P95, Verdict: gate.Inconclusive,
		Reason: reason.New("p95_no_bound", "limit", 400.0, "needs", reason.New("needs", "moves", 54))}
	want := "The time that 95 of 100 moves take has no upper bound yet, which does not settle the limit of 400 ms; needs about 54 more moves."
	if got := claim(Run{}, &g); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestSpanNeverRunsBackwards(t *testing.T) {
	r := Run{Manifest: &run.Manifest{Start: time.Date(2030, 1, 15, 8, 15, 0, 0, time.UTC)}}
	if start, end := span(r); !end.Equal(start) {
		t.Errorf("from %v to %v", start, end)
	}
}

func TestFindingsAreNarrowAndSafe(t *testing.T) {
	for name, run := range every(t) {
		if run.Findings == nil {
			continue
		}
		var b bytes.Buffer
		if err := Findings(&b, *run.Findings); err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			narrow(t, b.String())
			golden(t, name+"/findings.txt", b.String())
		})
	}
}
