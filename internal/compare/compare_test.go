package compare

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stats"
	"github.com/occbench/occbench/internal/workload"
)

var usual = played{moves: 800, ms: 5, conflict: 0.04, failed: 0.003}

func TestSameBuildHasNoDetectableChange(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	report := compareSides(t, usual.side(r, "base"), usual.side(r, "run"))
	if report.Verdict != NoChange || report.Count(Worse)+report.Count(Better) > 0 {
		t.Errorf("verdict %q, %d worse, %d better", report.Verdict, report.Count(Worse), report.Count(Better))
	}
	if l := findLine(t, report, Latencies, "updates"); l.Detectable == nil || *l.Detectable > 2 {
		t.Errorf("the smallest detectable change of 5 ms is %v", l.Detectable)
	}
	if report.IsBlind() {
		t.Error("800 moves against 800 are called blind")
	}
}

func TestSlowedServerIsWorseByTheNumber(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	slow := usual
	slow.slower, slow.open = 20, true
	base := usual
	base.open = true
	report := compareSides(t, base.side(r, "base"), slow.side(r, "run"))
	if report.Verdict != Worse {
		t.Fatalf("verdict %q", report.Verdict)
	}
	for _, name := range []string{"updates", "applied", "response", "reads"} {
		l := findLine(t, report, Latencies, name)
		if l.Verdict != Worse || l.Difference == nil || *l.Difference < 19 || *l.Difference > 21 || *l.Lower > 20 || *l.Upper < 20 {
			t.Errorf("%s: %s by %v from %v to %v, want worse by 20 ms", name, l.Verdict, l.Difference, l.Lower, l.Upper)
		}
	}
	if l := findLine(t, report, Gates, "p95_ms"); l.Verdict != Worse || *l.Difference < 17 || *l.Difference > 23 {
		t.Errorf("p95: %s by %v", l.Verdict, *l.Difference)
	}
	if back := compareSides(t, slow.side(r, "base"), base.side(r, "run")); back.Verdict != Better || back.Count(Worse) > 0 {
		t.Errorf("the other way round: %q", back.Verdict)
	}
	if !strings.Contains(strings.Join(report.Notes, "\n"), "it was not the build") {
		t.Errorf("the builds are equal, and the notes do not say so: %q", report.Notes)
	}
}

func TestLimit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	slow := usual
	slow.slower = 2
	base, other := usual.side(r, "base"), slow.side(r, "run")
	for limit, fails := range map[float64]bool{0.1: true, 0.8: false} {
		report, err := Compare(base, other, Options{Limit: &limit})
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(report.Failed, "latency updates"); got != fails {
			t.Errorf("2 ms more than 5, limit %v: failed %q", limit, report.Failed)
		}
	}
	errs := usual
	errs.failed = 0.05
	none := usual
	none.failed = 0
	limit := 10.0
	report, err := Compare(none.side(r, "base"), errs.side(r, "run"), Options{Limit: &limit})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"gate error_rate", "share server_error"}; !cmp.Equal(report.Failed, want) {
		t.Errorf("errors where there were none: failed %q, want %q", report.Failed, want)
	}
}

func TestRecoveryCountsTheOtherWay(t *testing.T) {
	base := &Side{Numbers: measure.Numbers{Recovery: measure.Recovery{Turns: 200, Retried: 198, NotRecovered: 2}}}
	other := &Side{Numbers: measure.Numbers{Recovery: measure.Recovery{Turns: 200, Retried: 150, NotRecovered: 50}}}
	for _, tt := range []struct {
		name      string
		base, run *Side
		want      Verdict
	}{{"fewer", base, other, Worse}, {"more", other, base, Better}, {"as many", base, base, NoChange}} {
		l := compareShares(Gates, "recovery", countUnrecovered(tt.base.Numbers.Recovery), countUnrecovered(tt.run.Numbers.Recovery), Noise{}).invert()
		decideLines([]*Line{l}, 0.05)
		if l.Verdict != tt.want || *l.Lower > *l.Difference || *l.Upper < *l.Difference {
			t.Errorf("%s recovered: %s, %v from %v to %v", tt.name, l.Verdict, *l.Difference, *l.Lower, *l.Upper)
		}
	}
}

func TestAnomalies(t *testing.T) {
	side := func(found map[string]int) *Side {
		return &Side{Directory: "d", anomalies: found, unchecked: "not checked", Numbers: measure.Numbers{Attempts: 1000}}
	}
	for _, tt := range []struct {
		name      string
		base, run map[string]int
		want      Verdict
	}{
		{"none", map[string]int{}, map[string]int{}, NoChange},
		{"a new one", map[string]int{}, map[string]int{"OCC-01": 1}, Worse},
		{"another one", map[string]int{"OCC-02": 5}, map[string]int{"OCC-01": 1}, Worse},
		{"a few gone", map[string]int{"OCC-01": 2}, map[string]int{}, NoChange},
		{"many gone", map[string]int{"OCC-01": 30}, map[string]int{}, Better},
		{"many more", map[string]int{"OCC-01": 3}, map[string]int{"OCC-01": 40}, Worse},
		{"not checked", nil, map[string]int{}, NoData},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := compareAnomalies(side(tt.base), side(tt.run))
			decideLines([]*Line{l}, 0.05)
			if l.Verdict != tt.want {
				t.Errorf("%s (%s), want %s", l.Verdict, l.Reason, tt.want)
			}
		})
	}
}

func TestNothingToCompare(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	empty, few := played{}, played{moves: 5, ms: 5}
	for name, report := range map[string]Report{
		"no updates": compareSides(t, empty.side(r, "base"), usual.side(r, "run")),
		"neither":    compareSides(t, empty.side(r, "base"), empty.side(r, "run")),
		"five moves": compareSides(t, few.side(r, "base"), few.side(r, "run")),
	} {
		if !report.IsBlind() || report.Verdict == Worse || report.Verdict == Better {
			t.Errorf("%s: %q, blind %v", name, report.Verdict, report.IsBlind())
		}
	}
}

// A run that stops answering has no p95, and is worse all the same.
func TestNoAnswersAreWorse(t *testing.T) {
	fast, dead := &stats.Series{}, &stats.Series{}
	for i := range 400 {
		fast.Add(int64(5e6 + i*7919%400))
		if i%3 == 0 {
			dead.Add(int64(5e6 + i*7919%400))
		} else {
			dead.Add(stats.Never)
		}
	}
	shift := compareLatencies("updates", fast, dead, DefaultNoise())
	decideLines([]*Line{shift}, 0.05)
	if shift.Verdict != Worse || shift.Difference != nil {
		t.Errorf("latency: difference %v, %s", shift.Difference, shift.Verdict)
	}
	l := compareP95(fast, dead, DefaultNoise())
	decideLines([]*Line{l}, 0.05)
	if l.Verdict != Worse || l.Run.Estimate != nil || l.Difference != nil {
		t.Errorf("p95 %v, difference %v: %s", l.Run.Estimate, l.Difference, l.Verdict)
	}
}

func TestUnlike(t *testing.T) {
	like := func() *run.Manifest {
		return &run.Manifest{TargetBuild: "1", Spec: run.Spec{Scenario: "update.js", Target: "http://127.0.0.1:8080", Date: "2030-01-15", RandSeed: 1,
			Operators: 20, Records: 100, Think: workload.Fixed(250 * time.Millisecond), Duration: time.Minute}}
	}
	for _, tt := range []struct {
		name   string
		change func(*run.Manifest)
		want   []string
	}{
		{"nothing", func(*run.Manifest) {}, nil},
		{"what is compared", func(m *run.Manifest) {
			m.TargetBuild, m.Spec.Fault, m.Spec.Date, m.Spec.RandSeed = "2", "latency=20ms", "2030-01-16", 2
		}, nil},
		{"the length", func(m *run.Manifest) { m.Spec.Duration *= 2 }, nil},
		{"a few records", func(m *run.Manifest) { m.Spec.Records = 104 }, nil},
		{"many records", func(m *run.Manifest) { m.Spec.Records = 120 }, []string{"records 100 against 120"}},
		{"the load", func(m *run.Manifest) { m.Spec.Operators, m.Spec.Think = 40, workload.Fixed(time.Second) }, []string{"operators 20 against 40", "think 250ms against 1s"}},
		{"the place", func(m *run.Manifest) { m.Spec.Target = "https://shop.example.com" }, []string{"target on this machine against on another machine"}},
		{"scenario and store", func(m *run.Manifest) { m.Spec.Scenario, m.Spec.Store = "own.js", "sqlite" }, []string{"scenario update.js against own.js", "store none against sqlite"}},
		{"a hole", func(m *run.Manifest) { m.HistoryDropped = 3 }, []string{"history whole against with 3 operations not recorded"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := like()
			tt.change(m)
			var got []string
			for _, d := range DiffLoads(like(), m) {
				got = append(got, d.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if d := DiffLoads(nil, like()); len(d) != 1 {
		t.Errorf("without a manifest: %v", d)
	}
}

func TestForce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	base, other := usual.side(r, "base"), usual.side(r, "run")
	other.Manifest.Spec.Scenario = "own.js"
	var unlike *UnlikeError
	if _, err := Compare(base, other, Options{}); !errors.As(err, &unlike) || unlike.ExitCode() != 2 || !strings.Contains(err.Error(), "scenario none against own.js") {
		t.Errorf("unlike runs: %v", err)
	}
	report, err := Compare(base, other, Options{Force: true})
	if err != nil || !report.IsForced() || report.Verdict != NoChange {
		t.Errorf("forced: %v, %v, %q", err, report.IsForced(), report.Verdict)
	}
}

// What a report shows is clean, whatever a manifest says and a folder is called.
func TestTextsOfOthersAreCleaned(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	base, other := usual.side(r, "base\x1b"), usual.side(r, "run")
	other.Manifest.TargetBuild, other.Manifest.Spec.Scenario = "\x1b[2J", "\u202e.js"
	for _, force := range []bool{false, true} {
		report, err := Compare(base, other, Options{Force: force})
		if (err == nil) != force {
			t.Errorf("forced %v: %v", force, err)
		}
		got := []string{report.Base.Directory, report.Run.Build, report.Unlike[0].Run}
		if diff := cmp.Diff([]string{"base�", "�[2J", "�.js"}, got); diff != "" {
			t.Errorf("forced %v (-want +got)\n%s", force, diff)
		}
	}
}

// Who says that a build is new hears it when it is not; a fault on purpose makes
// another server of the same build.
func TestNewBuild(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 10))
	for _, tt := range []struct {
		name, build, fault string
		want               string
	}{
		{"the same", "1.4.2", "", "target build, said to be new, 1.4.2 in both"},
		{"another", "1.5.0", "", ""},
		{"broken on purpose", "1.4.2", "latency=20ms", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			base, other := usual.side(r, "base"), usual.side(r, "run")
			other.Manifest.TargetBuild, other.Manifest.Spec.Fault = tt.build, tt.fault
			_, err := Compare(base, other, Options{NewBuild: true})
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if report, err := Compare(base, other, Options{NewBuild: true, Force: true}); err != nil || report.IsForced() != (tt.want != "") {
				t.Errorf("forced: %v, %v", report.Unlike, err)
			}
		})
	}
}

// A gate that only counts is worse when the run breaks what the base kept; where
// one of them was not asked, or cannot tell, there is nothing to compare.
func TestGatesThatCount(t *testing.T) {
	rule := gate.RuleOf(gate.Alarms)
	side := func(name string, v gate.Result) *Side {
		s := &Side{Directory: name}
		if v != "" {
			s.gates = []gate.Gate{{Name: gate.P95, Verdict: gate.Fail}, {Name: gate.Alarms, Verdict: v, Reason: reason.FromText("said by " + name)}}
		}
		return s
	}
	for _, tt := range []struct {
		base, run gate.Result
		want      Verdict
		reason    string
	}{
		{gate.Pass, gate.Pass, NoChange, ""},
		{gate.Fail, gate.Fail, NoChange, ""},
		{gate.Pass, gate.Fail, Worse, "the run breaks what the base kept: said by run"},
		{gate.Fail, gate.Pass, Better, "the run keeps what the base broke: said by base"},
		{gate.Inconclusive, gate.Fail, NoData, "open in the base: said by base"},
		{"", gate.Fail, NoData, "the base was not asked"},
		{gate.Pass, "", NoData, "the run was not asked"},
	} {
		l := compareJudged(rule, side("base", tt.base).gate(rule.Name), side("run", tt.run).gate(rule.Name))
		if l == nil || l.Verdict != tt.want || l.Reason != tt.reason {
			t.Errorf("%q then %q: %+v, want %s, %q", tt.base, tt.run, l, tt.want, tt.reason)
		}
	}
	if l := compareJudged(rule, nil, nil); l != nil {
		t.Errorf("neither run was asked: %+v", l)
	}
}

// Whether the server broke more promises is known when both runs were checked,
// or when the run breaks none.
func TestUnchecked(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 11))
	for _, tt := range []struct {
		name      string
		base, run map[string]int
		known     bool
	}{
		{"both", map[string]int{}, map[string]int{"OCC-01": 1}, true},
		{"not the base, and the run breaks none", nil, map[string]int{}, true},
		{"not the base, and the run breaks one", nil, map[string]int{"OCC-01": 1}, false},
		{"not the run", map[string]int{}, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			base, other := usual.side(r, "base"), usual.side(r, "run")
			base.anomalies, other.anomalies, base.unchecked, other.unchecked = tt.base, tt.run, "the base was not checked", "the run was not checked"
			report := compareSides(t, base, other)
			if why := report.ExplainUnchecked(); (why == "") != tt.known {
				t.Errorf("unchecked: %q, known %v", why, tt.known)
			}
		})
	}
}

func TestHanging(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 6))
	alone, alike := make([]float64, 4000), make([]float64, 4000)
	mood := 0.0
	for i := range alone {
		alone[i] = r.NormFloat64()
		mood = 0.9*mood + r.NormFloat64()
		alike[i] = mood
	}
	if h := stats.VarianceInflation(alone); h > 2 {
		t.Errorf("independent samples hang together by %v", h)
	}
	// (1+0.9)/(1-0.9) = 19 for endless stretches
	if h := stats.VarianceInflation(alike); h < 8 || h > 40 {
		t.Errorf("resembling samples hang together by %v, want about 19", h)
	}
	if h := stats.VarianceInflation(alike[:150]); h != 1 {
		t.Errorf("too few samples: %v, want 1", h)
	}
}

const header = "start,end,scheduled,operator,kind,record,expected,target,outcome,http,token,state,attempt,flags,marker,generator\n"

func readSide(dir run.Dir) (*Side, error) {
	e, err := Open(dir)
	if err != nil {
		return nil, err
	}
	return NewSide(e)
}

// TestReadCountsWhatTheProbeProved beside what the checker found in the history.
func TestReadCountsWhatTheProbeProved(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"history.csv": header, "anomalies.json": `{"judged":true,"anomalies":[{"id":"OCC-05","count":3}]}`,
		"probe.json": `{"format":1,"verdict":"differs","lines":[],"defects":[{"id":"OCC-01","sentence":"2 moves","proof":[]}]}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d, err := run.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s, err := readSide(d)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"OCC-01": 1, "OCC-05": 3}, s.anomalies); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadRefusesDamage(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"no history", map[string]string{"manifest.json": `{"format":1,"state":"complete"}`}, "history.csv is missing"},
		{"cut off", map[string]string{"history.csv": header + "1,2,,0,aud"}, "history.csv:2: the line is cut off"},
		{"foreign", map[string]string{"history.csv": "a,b\n"}, "history.csv:1"},
		{"findings", map[string]string{"history.csv": header, "anomalies.json": "{"}, "anomalies.json:1"},
		{"verdict", map[string]string{"history.csv": header, "verdict.json": "[]"}, "verdict.json"},
		{"newer", map[string]string{"manifest.json": `{"format":99}`, "history.csv": header}, "newer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range tt.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			d, err := run.Open(dir)
			if err == nil {
				_, err = readSide(d)
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

func BenchmarkCompare(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 9))
	base, run := &stats.Series{}, &stats.Series{}
	for range 1_000_000 {
		base.Add(int64(5e6 * r.ExpFloat64()))
		run.Add(int64(5.1e6 * r.ExpFloat64()))
	}
	for b.Loop() {
		decideLines([]*Line{compareLatencies("updates", base, run, DefaultNoise())}, 0.05)
	}
}
