package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	nethtml "golang.org/x/net/html"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/k6import"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/sanitize"
	"github.com/occbench/occbench/internal/trend"
	"github.com/occbench/occbench/reports/html"
	"github.com/occbench/occbench/reports/machine"
	"github.com/occbench/occbench/reports/markdown"
	"github.com/occbench/occbench/reports/text"
)

func newFloat(v float64) *float64 { return &v }

// listComparisons returns invented comparisons with consistent numbers.
func listComparisons() map[string]compare.Report {
	noise := compare.DefaultNoise()
	base := compare.Subject{Directory: "load_test_results/k6_move_20300114_081500", Verdict: gate.Pass, Build: "1.4.2", State: run.Complete,
		Start: time.Date(2030, 1, 14, 8, 15, 0, 0, time.UTC), Updates: 2001}
	other := base
	other.Directory, other.Build, other.Start, other.Updates = "load_test_results/k6_move_20300115_081500", "1.5.0", other.Start.AddDate(0, 0, 1), 1987
	line := func(group compare.Group, name string, unit gate.Unit, b, r, lower, upper float64, v compare.Verdict) compare.Line {
		return compare.Line{Group: group, Name: name, Unit: unit, Test: "t", Base: compare.Value{Estimate: newFloat(b), N: 2001}, Run: compare.Value{Estimate: newFloat(r), N: 1987},
			Difference: newFloat(r - b), Lower: newFloat(lower), Upper: newFloat(upper), Level: 0.9958, Relative: newFloat(r/b - 1), Effect: &compare.Effect{Name: "Cohen's h", Value: 0.1234, Words: "tiny"},
			P: newFloat(0.4), Adjusted: newFloat(1), Noise: 0.05 * b, Detectable: newFloat(0.4 * b), Verdict: v}
	}
	same := compare.Report{Verdict: compare.NoChange, Base: base, Run: other, Confidence: 0.95, Noise: noise, Lines: []compare.Line{
		line(compare.Gates, "error_rate", gate.Ratio, 0.0031, 0.0036, -0.0041, 0.0053, compare.NoChange),
		line(compare.Gates, "p95_ms", gate.MS, 11.9, 12.2, -0.8, 1.4, compare.NoChange),
		line(compare.Gates, "conflict_rate", gate.Ratio, 0.041, 0.039, -0.0221, 0.0184, compare.NoChange),
		line(compare.Latencies, "updates", gate.MS, 5.91, 5.93, -0.21, 0.25, compare.NoChange),
		{Group: compare.Gates, Name: "anomalies", Unit: gate.Cases, Verdict: compare.NoData, Reason: "anomalies.json is missing (occbench check b writes it)"},
	}}
	worse := same
	worse.Verdict, worse.Limit, worse.Failed = compare.Worse, newFloat(0.1), []string{"latency moves"}
	worse.Notes = []string{"both runs say that they tested build 1.5.0: whatever changed, it was not the build"}
	worse.Lines = append([]compare.Line{}, same.Lines...)
	worse.Lines[1] = line(compare.Gates, "p95_ms", gate.MS, 11.9, 32.1, 19.4, 21.2, compare.Worse)
	worse.Lines[3] = line(compare.Latencies, "updates", gate.MS, 5.91, 25.98, 19.84, 20.31, compare.Worse)
	worse.Lines = append(worse.Lines, line(compare.Latencies, "reads", gate.MS, 9, 4, -5.3, -4.7, compare.Better))
	forced := same
	forced.Unlike = []compare.Difference{{What: "operators", Base: "20", Run: "40"}, {What: "records", Base: "43", Run: "128"}}
	blind := same
	blind.Lines = []compare.Line{{Group: compare.Latencies, Name: "updates", Unit: gate.MS, Base: compare.Value{N: 5, Estimate: newFloat(4)}, Run: compare.Value{N: 5, Estimate: newFloat(5)},
		Verdict: compare.NoChange, Reason: "too few to detect any change"}}
	hostile := worse
	hostile.Base.Build, hostile.Base.Fault, hostile.Base.Verdict, hostile.Run.Directory = markup, "\x1b[2J"+markup, gate.Result(markup), "d\u202e"+markup
	hostile.Notes, hostile.Failed = []string{markup, "@everyone www.evil.example"}, []string{markup}
	hostile.Unlike = []compare.Difference{{What: markup, Base: markup, Run: "\x1b]0;owned\x07"}}
	hostile.Lines = append([]compare.Line{}, worse.Lines...)
	hostile.Lines[0].Name, hostile.Lines[4].Reason = markup, markup+"\x1b[31m"
	sanitize.Texts(&hostile) // as Compare does
	return map[string]compare.Report{"same": same, "worse": worse, "forced": forced, "blind": blind, "hostile": hostile}
}

func listTrends() map[string]trend.Report {
	var runs []trend.Run
	m := trend.Metric{Name: gate.P95}
	for i, v := range []float64{11, 12, 11.5, 11.2, 12.1, 11.9, 11.4, 11.7, 31, 32.5, 31.8, 30.9} {
		build, verdict := "1.4.2", gate.Pass
		if i >= 8 {
			build, verdict = "1.5.0", gate.Fail
		}
		m.Values = append(m.Values, newFloat(v))
		runs = append(runs, trend.Run{Name: fmt.Sprintf("k6_move_203001%02d_081500", i+1), Start: time.Date(2030, 1, 1+i, 8, 15, 0, 0, time.UTC), Build: build, Verdict: verdict, Updates: 2000 + i,
			Values: map[string]*float64{gate.P95: newFloat(v), gate.ErrorRate: newFloat(0), gate.AnomalyCount: newFloat(0)}, Comparable: true, Report: "report.html"})
	}
	m.Changes = []trend.Change{{At: 8, Run: runs[8].Name, Build: "1.5.0", BuildBefore: "1.4.2", Before: 11.6, After: 31.35, Worse: true, P: 0.004}}
	flat := trend.Metric{Name: gate.ErrorRate, Values: make([]*float64, 12)}
	for i := range flat.Values {
		if i != 3 {
			flat.Values[i] = newFloat(0)
		}
	}
	changed := trend.Report{Directory: "load_test_results", Reference: runs[11].Name, Metrics: []trend.Metric{m, flat},
		Runs: append([]trend.Run{{Name: "k6_move_20291231_081500", Values: map[string]*float64{}, Why: "operators 40 against 20"}}, runs...)}
	few := trend.Report{Directory: "load_test_results", Runs: runs[:2], Metrics: []trend.Metric{{Name: gate.P95, Values: []*float64{newFloat(11), newFloat(12)}}},
		Notes: []string{"change points need 10 comparable runs; there are 2"}}
	hostile := changed
	hostile.Runs = append([]trend.Run{}, changed.Runs...)
	for i := range hostile.Runs {
		hostile.Runs[i].Build, hostile.Runs[i].Fault = markup, "\x1b[2J"+markup
	}
	hostile.Runs[0].Why, hostile.Runs[1].Name, hostile.Runs[2].Verdict = markup, `javascript:alert(1)//"><script>`, gate.Result(markup)
	hm := m
	hm.Changes = []trend.Change{{At: 8, Run: markup, Build: markup, BuildBefore: "\u202e", Before: 1, After: 2, P: 0.01}}
	hostile.Metrics, hostile.Notes = []trend.Metric{hm}, []string{markup}
	sanitize.Texts(&hostile) // as Read does
	return map[string]trend.Report{"changed": changed, "few": few, "none": {Directory: "empty"}, "hostile": hostile}
}

func listImports(t *testing.T) map[string]k6import.Result {
	t.Helper()
	all := map[string]k6import.Result{}
	for name, file := range map[string]string{"summary": "legacy.json", "points": "points.ndjson.gz"} {
		r, err := k6import.Read(filepath.Join("..", "internal", "k6import", "testdata", file), gate.Default(), apitest.Appointments(t))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = r
	}
	hostile := all["summary"]
	hostile.File, hostile.Notes = markup, []string{"\x1b[2J" + markup}
	hostile.Thresholds = []k6import.Threshold{{Metric: markup, Expression: "\u202e" + markup, Crossed: true}}
	hostile.Outcomes = map[history.Outcome]int{history.Applied: 3}
	sanitize.Texts(&hostile) // as Read does
	all["hostile"] = hostile
	return all
}

// drawing is one format of one of the reports about more than a run.
type drawing struct {
	file  string
	write func(io.Writer) error
}

func listDrawings(t *testing.T) []drawing {
	var all []drawing
	for name, r := range listComparisons() {
		for ext, f := range map[string]func(io.Writer, compare.Report) error{"txt": text.Plain.Comparison, "md": markdown.Comparison, "html": html.Comparison, "json": machine.Comparison} {
			all = append(all, drawing{"compare/" + name + "." + ext, func(w io.Writer) error { return f(w, r) }})
		}
	}
	for name, r := range listTrends() {
		for ext, f := range map[string]func(io.Writer, trend.Report) error{"txt": text.Plain.Trend, "html": html.Trend, "json": machine.Trend} {
			all = append(all, drawing{"trend/" + name + "." + ext, func(w io.Writer) error { return f(w, r) }})
		}
	}
	for name, r := range listImports(t) {
		for ext, f := range map[string]func(io.Writer, k6import.Result) error{"txt": text.Plain.Import, "json": machine.Import} {
			all = append(all, drawing{"import/" + name + "." + ext, func(w io.Writer) error { return f(w, r) }})
		}
	}
	return all
}

func TestGoldensOfSeveralRuns(t *testing.T) {
	for _, d := range listDrawings(t) {
		t.Run(d.file, func(t *testing.T) {
			var b bytes.Buffer
			if err := d.write(&b); err != nil {
				t.Fatal(err)
			}
			text := b.String()
			if page := filepath.Ext(d.file) == ".html"; !page || d.file == "compare/worse.html" || d.file == "trend/changed.html" {
				checkGolden(t, d.file, maskText(text))
			}
			switch filepath.Ext(d.file) {
			case ".txt":
				checkNarrow(t, text)
			case ".json":
				if !json.Valid(b.Bytes()) || strings.Contains(text, "\u202e") {
					t.Errorf("not JSON, or not clean:\n%s", text)
				}
			case ".md":
				text = regexp.MustCompile("` .* `").ReplaceAllString(text, "")
				if strings.Contains(text, "<script") || strings.Contains(text, "<img") || strings.ContainsRune(text, '\x1b') {
					t.Errorf("markup gets through:\n%s", text)
				}
			case ".html":
				aloneAndTame(t, text)
			}
		})
	}
}

// However wide the numbers, an effect is shown: its words give way, not its size.
func TestEffectIsShownInWideTables(t *testing.T) {
	r := listComparisons()["same"]
	r.Lines = append([]compare.Line{}, r.Lines...)
	for i := range r.Lines[:4] {
		l := &r.Lines[i]
		l.Lower, l.Upper, l.Difference = newFloat(-0.12345), newFloat(0.12345), newFloat(0.012345)
		l.Effect = &compare.Effect{Name: "Cohen's h", Value: 0.4321, Words: "medium"}
	}
	var b strings.Builder
	if err := text.Plain.Comparison(&b, r); err != nil {
		t.Fatal(err)
	}
	checkNarrow(t, b.String())
	if !strings.Contains(b.String(), "effect") || strings.Count(b.String(), "0.43") != 4 {
		t.Errorf("an effect is missing:\n%s", b.String())
	}
}

// aloneAndTame parses a page and asks that it runs nothing, loads nothing and
// links only to what lies beside it.
func aloneAndTame(t *testing.T, text string) {
	t.Helper()
	root, err := nethtml.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != nethtml.ElementNode {
			continue
		}
		if n.Data == "script" || n.Data == "img" || n.Data == "iframe" || n.Data == "object" {
			t.Errorf("the page has a <%s>", n.Data)
		}
		for _, a := range n.Attr {
			link := a.Key == "href" && a.Val != "data:," && !strings.HasPrefix(a.Val, "./")
			if strings.HasPrefix(a.Key, "on") || a.Key == "src" || link {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
	}
}

func TestWriteErrorsOfSeveralRunsAreTold(t *testing.T) {
	broken := errors.New("disk full")
	for _, d := range listDrawings(t) {
		if err := d.write(brokenWriter{broken}); !errors.Is(err, broken) {
			t.Errorf("%s: %v", d.file, err)
		}
	}
}
