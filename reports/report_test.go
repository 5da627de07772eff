package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/goldentest"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/sanitize"
	basis "github.com/occbench/occbench/internal/validity"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reports/machine"
	"github.com/occbench/occbench/reports/text"
	"github.com/occbench/occbench/reports/view"
)

// sample describes a run to be made up.
type sample struct {
	moved, conflicts, errors, silent int
	ms                               float64 // median latency
	open                             bool    // open model: every move carries its scheduled start
	record                           string
	audited                          bool
}

// playSample makes the numbers of a run: 20 operators, 50 ms between two turns,
// lognormal latencies, a refetch and a second move after each conflict.
func playSample(p gate.Policy, s sample) (*measure.Numbers, *measure.Timeline) {
	m, series := measure.New(p.MeasureOptions()), measure.NewSeries(0)
	r := rand.New(rand.NewPCG(1, 2))
	now, turn := int64(0), 0
	spread := rand.NewZipf(rand.New(rand.NewPCG(3, 4)), 1.1, 8, 31)
	record := s.record
	add := func(kind history.Kind, outcome history.Outcome, attempt uint8, status string) {
		o := history.New()
		o.Kind, o.Outcome, o.Attempt, o.Record, o.State, o.Token, o.HTTP = kind, outcome, attempt, record, status, 1, 200
		o.Start, o.End = now, now+int64(s.ms*1e6*math.Exp(0.4*r.NormFloat64()))
		if outcome == history.NoAnswer {
			o.End = history.None
		}
		if kind == history.Update {
			o.Target, o.Expected = "in_progress", 1
			if s.open {
				o.Scheduled = now - 5e6
			}
		}
		if kind != history.Audit {
			o.Operator = int32(1 + turn%20)
		}
		if turn < 40 && kind != history.Audit {
			o.Flags = history.Warmup
		}
		m.Add(&o)
		series.Add(&o)
		now += 25e6
	}
	play := func(n int, outcome history.Outcome) {
		for range n {
			if s.record == "" {
				record = strconv.FormatUint(1+spread.Uint64(), 10)
			}
			add(history.Read, history.Seen, 1, "scheduled")
			add(history.Update, outcome, 1, "scheduled")
			if outcome == history.Conflict {
				add(history.Read, history.Seen, 2, "scheduled")
				add(history.Update, history.Applied, 2, "in_progress")
			}
			turn++
		}
	}
	if s.audited {
		if record == "" {
			record = "1"
		}
		add(history.Audit, history.Seen, 0, "scheduled")
	}
	play(40, history.Applied)
	for i := range 10 {
		part := func(n int) int { return n*(i+1)/10 - n*i/10 }
		play(part(s.errors), history.Rejected)
		play(part(s.silent), history.NoAnswer)
		play(part(s.conflicts), history.Conflict)
		play(part(s.moved), history.Applied)
	}
	if s.audited {
		add(history.Audit, history.Seen, 0, "in_progress")
	}
	n, line := m.Numbers(), series.Timeline()
	return &n, &line
}

func readManifest(t *testing.T) *run.Manifest {
	t.Helper()
	spec := run.Default(time.Now)
	spec.Target, spec.Store, spec.Date, spec.Scenario, spec.RandSeed, spec.Records = "http://127.0.0.1:8080", "sqlite", "2026-11-24", "update.js", 42, 64
	spec.Races = workload.Races{}
	return &run.Manifest{
		ToolVersion: "0.1.0", K6Version: "v2.2.0", Spec: spec, TargetBuild: "1.4.2",
		Start: time.Date(2026, 11, 23, 10, 50, 0, 0, time.UTC), End: time.Date(2026, 11, 23, 10, 51, 2, 0, time.UTC), State: run.Complete,
	}
}

// lostUpdate is what the checker finds in a history where two operators both
// moved version 4 of record 17, and one of them a record that then is as it was.
func lostUpdate(t *testing.T) *check.Report {
	t.Helper()
	name := filepath.Join("testdata", "lost-update.csv")
	r, err := check.File(func() (io.ReadCloser, error) { return os.Open(name) }, name, check.Options{API: apitest.Appointments(t)})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Judged || len(r.Anomalies) == 0 {
		t.Fatalf("the checker finds nothing: %+v", r)
	}
	return &r
}

// markup is what no report may pass on as markup.
const markup = `</script></style></pre></details>]]>--><script>alert(1)</script><img src="http://evil.example/x" onerror='alert(1)'>|&amp;"{{.}}`

func newRuns(t *testing.T) map[string]view.Run {
	p := gate.Default()
	clean := &gate.Anomalies{Judged: true, Operations: 2100}
	lost := lostUpdate(t)
	lost.Anomalies[0].Count = 12
	judged := func(s sample, facts gate.Facts, a *gate.Anomalies, p gate.Policy) view.Run {
		s.audited = true
		n, line := playSample(p, s)
		return view.Run{Directory: "load_test_results/k6_move_20261123_105000", Manifest: readManifest(t), Numbers: n, Timeline: line,
			Anomalies: &check.Report{Judged: true, Operations: 2100, Updates: 1000, Records: 64},
			Verdict:   gate.Judge(p, gate.Evidence{Numbers: n, Anomalies: a, Run: facts})}
	}
	off := p
	off.Off, off.Tolerated = []string{gate.Recovery}, []string{"OCC-11"}

	pass := judged(sample{moved: 920, conflicts: 38, ms: 12}, gate.Facts{}, clean, p)
	pass.Manifest.Spec.Races, pass.Manifest.Spec.FirstRacer = workload.Races{Rate: 0.786, Auto: true, Crew: 2}, 101
	pass.Numbers.Races = &measure.Races{Each: []measure.RaceCount{{Of: 2, Played: 45}}, Unmet: 1, Reads: 92, Outcomes: map[history.Outcome]int{history.Applied: 46, history.Conflict: 46}}
	pass.Probe = &probe.Result{Races: []probe.Races{{Of: 2, Played: 28}, {Of: 8, Played: 24}}}
	open := judged(sample{moved: 920, conflicts: 38, ms: 12, open: true}, gate.Facts{}, &gate.Anomalies{Judged: true, Operations: 2100, Count: map[string]int{"OCC-11": 4}}, off)
	open.Manifest.Spec.Operators, open.Manifest.Spec.Rate = 0, 40
	fail := judged(sample{moved: 300, conflicts: 420, errors: 31, silent: 9, ms: 300}, gate.Facts{},
		&gate.Anomalies{Judged: true, Operations: 2100, Count: map[string]int{"OCC-01": 12, "OCC-05": 1}, Sentences: map[string]string{"OCC-01": lost.Anomalies[0].Sentence}}, p)
	fail.Manifest.Spec.Fault, fail.Anomalies = "lost-update", lost
	partial := judged(sample{moved: 900, conflicts: 38, ms: 12}, gate.Facts{Interrupted: "interrupted by SIGINT 38 s into 60 s"}, clean, p)
	partial.Manifest.State, partial.Manifest.Reason = run.Interrupted, "interrupted by SIGINT 38 s into 60 s"
	partial.Notes = []string{"k6 reported 3 dropped iterations"}
	nothing := judged(sample{ms: 12}, gate.Facts{}, clean, p)
	hostile := judged(sample{moved: 5, ms: 12, record: "\x1b[2J\u202eSSAP\x07" + strings.Repeat("x", 200)}, gate.Facts{Failed: []gate.Failure{{Stage: "run", Reason: "k6 said \x1b]0;owned\x07\r\nPASS \xff\u009b31m"}}}, clean, p)
	hostile.Manifest.TargetBuild = "\x1b[31m" + strings.Repeat("9", 300)
	hostile.Manifest.State, hostile.Manifest.Reason = run.Failed, markup
	hostile.Manifest.Spec.Scenario, hostile.Manifest.Spec.Tag, hostile.Manifest.Spec.Fault = markup, markup, markup
	hostile.Notes = []string{markup, "@everyone see #1 and www.evil.example", "- [x](javascript:alert(1)) | ``` | ![i](http://evil.example/i.png)"}
	hostile.CloudWatch, hostile.Manifest.Base = newTelemetry(hostile.Manifest.Start, 5), hostile.Manifest.Start
	hostile.CloudWatch.Alarms[0].Name, hostile.CloudWatch.Alarms[0].Changes[0].From, hostile.CloudWatch.Source.Namespace = markup, "\x1b[2J"+markup, "\u202e"+markup
	hostile.Anomalies = lostUpdate(t)
	for i := range hostile.Anomalies.Anomalies {
		f := &hostile.Anomalies.Anomalies[i]
		f.Record, f.Sentence = "17'"+markup, markup+" \x1b[2J"
		for j := range f.Operations {
			f.Operations[j].Record, f.Operations[j].Target, f.Operations[j].State = f.Record, markup, "\u202e"+markup+"```"
		}
	}
	compared := listComparisons()
	same, worse, evil := compared["same"], compared["worse"], compared["hostile"]
	pass.Since, pass.Release = &view.Since{Base: "k6_move_20300114_081500", Comparison: &same}, "releases/20300115_080000-1.5.0.json"
	pass.Verdict.Contention = &basis.Contention{Predicted: 0.041, Observed: 0.0397, Lower: 0.039, Upper: 0.046, Attempts: 958, Agreement: "agrees",
		Hottest: basis.Record{Record: "1", Attempts: 100, Predicted: 0.09, Observed: 0.08}, Busiest: []basis.Record{{Record: "1", Attempts: 100, Predicted: 0.09, Observed: 0.08}, {Record: "2", Attempts: 60, Predicted: 0.9}}}
	fail.Since, fail.Release = &view.Since{Base: "k6_move_20300114_081500", Comparison: &worse}, "releases/20300115_080000-1.5.0.json"
	open.Since = &view.Since{Why: "the last run before it, k6_move_20300114_081500, was made under another load: operators 20 against 40"}
	open.Manifest.Spec.Store = ""
	partial.Since = &view.Since{Base: "k6_move_20300114_081500", Why: "reading history k6_move_20300114_081500/history.csv:812: version \"x\" is not an integer"}
	hostile.Since, hostile.Release = &view.Since{Base: markup, Comparison: &evil}, "releases/\x1b[2J'"+markup
	hostile.Verdict.Contention = &basis.Contention{Agreement: markup, Causes: []reason.Reason{reason.FromText(markup)}, Hottest: basis.Record{Record: markup},
		Busiest: []basis.Record{{Record: "\u202e" + markup, Attempts: 1, Predicted: 2}}}
	sanitize.Texts(&hostile) // as the reader of a run does
	all := map[string]view.Run{
		"probed": probeRun(judged, p, lost), "pass": pass, "fail": fail, "partial": partial, "open": open, "hostile": hostile,
		"watched":      newWatchedRun(t),
		"inconclusive": judged(sample{moved: 12, ms: 12}, gate.Facts{}, clean, p),
		"no-data":      nothing,
		"no-files":     {Directory: "old", Verdict: gate.Judge(p, gate.Evidence{Run: gate.Facts{Caveats: []reason.Reason{run.Dir{}.Missing(run.HistoryFile)}}})},
	}
	for name, r := range all {
		if name != "inconclusive" { // of an API without words of its own
			r.Words = noun.Words{Record: "appointment", Update: "move", List: "board"}
			r.Verdict = r.Verdict.WithWords(r.Words)
			all[name] = r
		}
	}
	return all
}

func TestGoldens(t *testing.T) {
	for name, run := range newRuns(t) {
		for _, f := range Formats() {
			file := filepath.Join(name, f.File)
			if f.Name == "html" {
				continue // what pages show is in the views; whole ones are goldens of the recorded runs
			}
			t.Run(file, func(t *testing.T) {
				checkGolden(t, file, writeRun(t, f, run))
			})
		}
	}
}

// What all formats show of a run, before a medium is chosen.
func TestViews(t *testing.T) {
	for name, r := range newRuns(t) {
		t.Run(name, func(t *testing.T) {
			type answer struct{ Title, Claim, Limit, Samples string }
			var answers []answer
			for _, g := range view.SortGravestFirst(r.Verdict.Gates) {
				answers = append(answers, answer{gate.RuleOf(g.Name).Title, view.FormatClaim(r, &g), g.LimitText(), view.FormatSamples(g)})
			}
			word, change := view.SinceWords(r)
			command, back := view.DescribeRollback(r)
			text, err := json.MarshalIndent(map[string]any{
				"headline": view.Headline(view.Decide(r).Word, r.Verdict), "decision": view.Decide(r), "tested": view.DescribeTested(r), "power": view.PowerLines(r),
				"caveats": view.Caveats(r), "answers": answers, "untested": view.ListUntested(r), "validity": view.ListValidities(r),
				"change": append([]string{word, change, view.SinceCommand(r)}, view.SinceLines(r)...), "back": []string{command, back},
				"recovery": view.ListRecovery(r), "browsers": view.ListBrowserFacts(r), "cloudwatch": view.CloudWatchFacts(r), "contention": view.ListContention(r), "provenance": view.ListProvenance(r),
			}, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			checkGolden(t, filepath.Join(name, "view.json"), string(text)+"\n")
		})
	}
}

// maskText removes style and script from a page: goldens are about its text.
func maskText(text string) string {
	text = assets.ReplaceAllString(text, "$1…$2")
	return fingerprint.ReplaceAllString(text, "sha256-…")
}

// assets finds what stands in a page as its style and its script.
var assets = regexp.MustCompile(`(?ms)^(<style>|<script>).*?(</style>\n|</script>\n)`)

var fingerprint = regexp.MustCompile(`sha256-(?:[A-Za-z0-9/=]|&#43;)+`)

func writeRun(t *testing.T, f Format, run view.Run) string {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, run); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func checkGolden(t *testing.T, name, got string) {
	t.Helper()
	goldentest.CompareFile(t, filepath.Join("testdata", name), got)
}

// probeRun returns a run without anything wrong in its load, on a server of
// which the probe has proven a lost update.
func probeRun(judged func(sample, gate.Facts, *gate.Anomalies, gate.Policy) view.Run, p gate.Policy, lost *check.Report) view.Run {
	run := judged(sample{moved: 920, conflicts: 38, ms: 12}, gate.Facts{}, &gate.Anomalies{Judged: true, Operations: 2100}, p)
	d := probe.Defect{ID: check.OCC01, Sentence: lost.Anomalies[0].Sentence, Proof: slices.Clone(lost.Anomalies[0].Operations)}
	for i := range d.Proof {
		d.Proof[i].Line = 0
	}
	run.Probe = &probe.Result{Defects: []probe.Defect{d}, Races: []probe.Races{{Of: 8, Played: 24, Lost: 3}}}
	run.Verdict = gate.Judge(p, gate.Evidence{Numbers: run.Numbers, Anomalies: &gate.Anomalies{Judged: true, Operations: 2100},
		Probed: []gate.Proven{{ID: "OCC-01", Sentence: d.Sentence}}})
	return run
}

func TestTextIsNarrowAndSafe(t *testing.T) {
	for name, run := range newRuns(t) {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := text.Plain.Report(&b, run); err != nil {
				t.Fatal(err)
			}
			checkNarrow(t, b.String())
			blocks := strings.Split(strings.TrimSpace(b.String()), "\n\n")
			ends := slices.IndexFunc(blocks, func(block string) bool { return strings.HasPrefix(block, string(run.Verdict.Verdict)+" ") })
			if ends < 0 || len(blocks)-ends > 3 {
				t.Errorf("the verdict %s is not at the end of the report:\n%s", run.Verdict.Verdict, b.String())
			}
		})
	}
}

// checkNarrow checks that no line has more than 100 columns or control
// characters.
func checkNarrow(t *testing.T, written string) {
	t.Helper()
	for line := range strings.Lines(written) {
		line = strings.TrimSuffix(line, "\n")
		if w := twwidth.Width(line); w > text.Width {
			t.Errorf("%d columns: %q", w, line)
		}
		if line != strings.TrimRight(line, " ") {
			t.Errorf("trailing space: %q", line)
		}
		for _, r := range line {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Errorf("%U in %q", r, line)
			}
		}
	}
}

// The keys that pipelines rely on.
func TestJSONShape(t *testing.T) {
	var b bytes.Buffer
	if err := machine.JSON(&b, newRuns(t)["inconclusive"]); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Verdict, Run string
		Reasons      []struct{ Code, Text string }
		Gates        []struct {
			Name         string
			Lower, Upper *float64
			Limit        float64
			Verdict      string
		}
		Outcomes map[string]int
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Verdict != "INCONCLUSIVE" || got.Run == "" || len(got.Reasons) == 0 || got.Outcomes["applied"] != 12 {
		t.Errorf("%+v", got)
	}
	if g := got.Gates[1]; g.Name != "p95_ms" || g.Upper != nil || g.Lower == nil || g.Limit != 400 {
		t.Errorf("p95 %+v", g)
	}
}

func TestWriteErrorsAreTold(t *testing.T) {
	broken := errors.New("disk full")
	for _, f := range Formats() {
		if err := f.Write(brokenWriter{broken}, view.Run{}); !errors.Is(err, broken) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	if err := text.Plain.Anomalies(brokenWriter{broken}, check.Report{}, noun.Words{}); !errors.Is(err, broken) {
		t.Errorf("findings: %v", err)
	}
}

type brokenWriter struct{ err error }

func (f brokenWriter) Write([]byte) (int, error) { return 0, f.err }
