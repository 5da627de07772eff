package gate

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/stats"
	"github.com/occbench/occbench/internal/validity"
)

// ran makes the numbers of a run by feeding its updates through measure: so many
// updated, in conflict (each recovered by the next turn's refetch), and failed, in
// any order, each answered after ms milliseconds, at 10 updates a second.
func ran(p Policy, updated, conflicts, errors int, ms int64) *measure.Numbers {
	m := measure.New(p.MeasureOptions())
	var now int64
	op := func(kind history.Kind, outcome history.Outcome, attempt uint8, status string, lasts int64) {
		o := history.New()
		o.Kind, o.Outcome, o.Attempt, o.Record = kind, outcome, attempt, "17"
		o.Start, o.End, o.State, o.Token = now, now+lasts*1e6, status, 1
		if kind == history.Update {
			o.Target, o.Expected = "in_progress", 1
		}
		if kind != history.Audit {
			o.Operator = 1
		}
		m.Add(&o)
	}
	turn := func(outcome history.Outcome) {
		op(history.Read, history.Seen, 1, "scheduled", 1)
		op(history.Update, outcome, 1, "scheduled", ms)
		if outcome == history.Conflict {
			op(history.Read, history.Seen, 2, "in_progress", 1)
		}
		now += 100e6
	}
	op(history.Audit, history.Seen, 0, "scheduled", 1)
	now += 1e6
	var outcomes []history.Outcome
	for outcome, n := range map[history.Outcome]int{history.Conflict: conflicts, history.Rejected: errors, history.Applied: updated} {
		outcomes = append(outcomes, slices.Repeat([]history.Outcome{outcome}, n)...)
	}
	slices.Sort(outcomes)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(outcomes), func(i, j int) { outcomes[i], outcomes[j] = outcomes[j], outcomes[i] })
	for _, outcome := range outcomes {
		turn(outcome)
	}
	op(history.Audit, history.Seen, 0, "scheduled", 1)
	n := m.Numbers()
	return &n
}

func clean() *Anomalies { return &Anomalies{Judged: true, Operations: 1200} }

func find(t *testing.T, v Verdict, name string) Gate {
	t.Helper()
	i := slices.IndexFunc(v.Gates, func(g Gate) bool { return g.Name == name })
	if i < 0 {
		t.Fatalf("gate %s was not judged", name)
	}
	return v.Gates[i]
}

func TestVerdicts(t *testing.T) {
	p := Default()
	tests := []struct {
		name    string
		e       Evidence
		verdict Result
		gates   string // results in the order of Names, first letters
		reason  string // part of one reason
	}{
		{"all is well", Evidence{Numbers: ran(p, 970, 30, 0, 20), Anomalies: clean()}, Pass, "PPPPP", ""},
		{"12 clean requests prove nothing", Evidence{Numbers: ran(p, 12, 0, 0, 20), Anomalies: clean()}, Inconclusive, "IIIIP",
			"error_rate: between 0 % and 22.1 % of updates fail, which does not settle the limit of 1 %; needs about 287 more updates"},
		{"no updates", Evidence{Numbers: ran(p, 0, 0, 0, 20), Anomalies: clean()}, Inconclusive, "IIIII", "no data: no update was sent"},
		{"no history", Evidence{Run: Facts{Caveats: []reason.Reason{reason.New("file_missing", "file", "history.csv")}}}, Inconclusive, "IIIII", "history.csv is missing"},
		{"too many errors", Evidence{Numbers: ran(p, 900, 30, 40, 20), Anomalies: clean()}, Fail, "FPPPP",
			"error_rate: at least 3.13 % of updates fail (95 % sure); the limit is 1 %"},
		{"too slow", Evidence{Numbers: ran(p, 970, 30, 0, 500), Anomalies: clean()}, Fail, "PFPPP",
			"p95_ms: the p95 is at least 500 ms (95 % sure); the limit is 400 ms"},
		{"too many conflicts", Evidence{Numbers: ran(p, 400, 400, 0, 20), Anomalies: clean()}, Fail, "PPFPP", "conflict_rate: at least 47"},
		{"one anomaly", Evidence{Numbers: ran(p, 970, 30, 0, 20), Anomalies: &Anomalies{Judged: true, Count: map[string]int{"OCC-01": 1}, Sentences: map[string]string{"OCC-01": "record 17 lost an update"}}},
			Fail, "PPPPF", "anomalies: 1 anomaly proven (OCC-01 × 1): record 17 lost an update"},
		{"a proven anomaly in a history that cannot be judged wholly", Evidence{Numbers: ran(p, 970, 30, 0, 20), Anomalies: &Anomalies{Reason: "no final audit", Count: map[string]int{"OCC-01": 2}}},
			Fail, "PPPPF", "2 anomalies proven"},
		{"findings that are none", Evidence{Numbers: ran(p, 970, 30, 0, 20), Anomalies: &Anomalies{}}, Inconclusive, "PPPPI",
			"anomalies: the history was not judged, and the checker does not say why"},
		{"not judged", Evidence{Numbers: ran(p, 970, 30, 0, 20), Anomalies: &Anomalies{Reason: "the clock went back"}}, Inconclusive, "PPPPI",
			"anomalies: the history could not be judged: the clock went back"},
		{"not checked", Evidence{Numbers: ran(p, 970, 30, 0, 20)}, Inconclusive, "PPPPI", "the history has not been checked"},
		{"no conflict", Evidence{Numbers: ran(p, 970, 0, 0, 20), Anomalies: clean()}, Inconclusive, "PPPIP", "recovery: not exercised"},
		{"proven by the probe, and nothing in the load", Evidence{Numbers: ran(p, 970, 30, 0, 20), Anomalies: clean(), Probed: []Proven{{"OCC-01", "2 updates of record 17"}, {"OCC-06", "masked"}}},
			Fail, "PPPPF", "anomalies: 2 anomalies proven by the probe (OCC-01, OCC-06): 2 updates of record 17"},
		{"proven by the probe and in the load", Evidence{Numbers: ran(p, 970, 30, 0, 20), Anomalies: &Anomalies{Judged: true, Count: map[string]int{"OCC-01": 3}, Sentences: map[string]string{"OCC-01": "record 5"}}, Probed: []Proven{{"OCC-01", "record 17"}}},
			Fail, "PPPPF", "anomalies: 1 anomaly proven by the probe (OCC-01): record 17; in the load, 3 anomalies proven (OCC-01 × 3): record 5"},
		{"proven by the probe, and a history with holes", Evidence{Numbers: ran(p, 970, 30, 0, 20), Probed: []Proven{{"OCC-01", "record 17"}}, Run: Facts{Dropped: 3}},
			Fail, "IIIIF", "1 anomaly proven by the probe"},
		{"interrupted", Evidence{Numbers: ran(p, 970, 30, 0, 20), Anomalies: clean(), Run: Facts{Interrupted: "SIGINT after 12 s"}}, Inconclusive, "PPPPP",
			"the run is partial: SIGINT after 12 s"},
		{"interrupted and broken", Evidence{Numbers: ran(p, 400, 400, 0, 20), Anomalies: clean(), Run: Facts{Interrupted: "SIGINT"}}, Fail, "PPFPP", "the run is partial"},
		{"cut off", Evidence{Numbers: ran(p, 970, 30, 0, 20), Anomalies: clean(), Run: Facts{Truncated: true}}, Inconclusive, "PPPPP", "ends within a line"},
		{"a stage failed", Evidence{Numbers: ran(p, 970, 30, 0, 20), Anomalies: clean(), Run: Facts{Failed: []Failure{{"run", "k6 died"}}}}, Inconclusive, "PPPPP",
			"the stage run failed: k6 died"},
		{"a history with holes voids even failures", Evidence{Numbers: ran(p, 400, 400, 90, 500), Anomalies: &Anomalies{Judged: true, Count: map[string]int{"OCC-08": 9}}, Run: Facts{Dropped: 3}},
			Inconclusive, "IIIII", "3 operations were not recorded"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := Judge(p, tt.e)
			if v.Verdict != tt.verdict {
				t.Errorf("verdict %s, want %s; reasons %q", v.Verdict, tt.verdict, v.Reasons)
			}
			got := ""
			for _, g := range v.Gates {
				got += string(g.Verdict[0])
			}
			if got != tt.gates {
				t.Errorf("gates %s, want %s", got, tt.gates)
			}
			all := strings.Join(reason.Lines(v.Reasons), "\n")
			if !strings.Contains(all, tt.reason) {
				t.Errorf("no reason says %q:\n%s", tt.reason, all)
			}
			if (len(v.Reasons) == 0) != (v.Verdict == Pass) {
				t.Errorf("%s with the reasons %q", v.Verdict, v.Reasons)
			}
			if v.Partial != (tt.e.Run.Interrupted != "" || tt.e.Run.Truncated) {
				t.Errorf("partial is %v", v.Partial)
			}
		})
	}
}

// What the numbers themselves say against a PASS.
func TestDoubts(t *testing.T) {
	p := Default()
	tests := []struct {
		name   string
		spoil  func(*measure.Numbers)
		reason string
	}{
		{"no final audit", func(n *measure.Numbers) { n.Audits.Last = measure.Audit{} }, "the final audit of the records is missing"},
		{"failed final audit", func(n *measure.Numbers) { n.Audits.Last.OK = false }, "the final audit of the records failed"},
		{"no first audit", func(n *measure.Numbers) { n.Audits.First = measure.Audit{} }, "the first audit of the records is missing"},
		{"outage", func(n *measure.Numbers) { n.Outage = &measure.Outage{SinceS: 12.3, Failures: 41} },
			"the target stopped answering at 12.3 s: the last 41 operations failed"},
		{"failing reads", func(n *measure.Numbers) { n.Reads.Failed = n.Reads.Count / 2 }, "515 of 1,030 reads failed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := ran(p, 970, 30, 0, 20)
			tt.spoil(n)
			v := Judge(p, Evidence{Numbers: n, Anomalies: clean()})
			if v.Verdict != Inconclusive || len(v.Reasons) != 1 || !strings.Contains(v.Reasons[0].Line(), tt.reason) {
				t.Errorf("verdict %s, reasons %q, want INCONCLUSIVE for %q", v.Verdict, v.Reasons, tt.reason)
			}
		})
	}
}

func TestRecoveryGate(t *testing.T) {
	tests := []struct {
		name   string
		r      measure.Recovery
		want   Result
		n      int
		reason string
	}{
		{"all", measure.Recovery{Turns: 38, Retried: 30, FoundThere: 8}, Pass, 38, "every conflict was recovered from: 38 of 38"},
		{"one lost", measure.Recovery{Turns: 1000, Retried: 999, NotRecovered: 1}, Fail, 1000, "1 of 1,000 turns with a conflict were not recovered from"},
		{"one late", measure.Recovery{Turns: 10, Retried: 9, Late: 1}, Fail, 10, "1 of them only after the budget"},
		{"nobody's fault", measure.Recovery{Turns: 10, Retried: 7, Overtaken: 2, CutOff: 1}, Pass, 7, "7 of 7"},
		{"nothing to judge", measure.Recovery{Turns: 3, Overtaken: 2, CutOff: 1}, Inconclusive, 0, "not exercised: of 3 turns"},
		{"no conflict", measure.Recovery{}, Inconclusive, 0, "not exercised: there was no conflict"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := ran(Default(), 970, 30, 0, 20)
			n.Recovery = tt.r
			g := judgeRecovery(Default(), Evidence{Numbers: n})
			if g.Verdict != tt.want || g.N != tt.n || !strings.Contains(g.Reason.String(), tt.reason) {
				t.Errorf("%s n=%d %q, want %s n=%d %q", g.Verdict, g.N, g.Reason, tt.want, tt.n, tt.reason)
			}
		})
	}
}

func TestP95Gate(t *testing.T) {
	ms := func(v float64) *float64 { return &v }
	p := Default()
	l := func(count, unanswered, slow int, p95, lower, upper *float64) measure.P95Latency {
		return measure.P95Latency{Latency: measure.Latency{Count: count, Unanswered: unanswered, P95MS: p95},
			P95LowerMS: lower, P95MeasuredMS: lower, P95UpperMS: upper, Confidence: 0.95, LimitMS: 400, Slow: slow, Effect: 1, Moments: 20}
	}
	tests := []struct {
		name    string
		latency measure.P95Latency
		want    Result
		reason  string
	}{
		{"under", l(100, 0, 0, ms(90), ms(80), ms(120)), Pass, "the p95 is at most 120 ms (95 % sure); the limit is 400 ms"},
		{"barely under", l(100, 0, 0, ms(90), ms(80), ms(399.97)), Pass, "at most 399.97 ms"},
		{"over", l(100, 0, 50, ms(500), ms(450), ms(600)), Fail, "the p95 is at least 450 ms"},
		{"exactly on the limit", l(100, 0, 6, ms(400), ms(390), ms(400)), Inconclusive, "does not settle"},
		{"too few", l(10, 0, 0, ms(20), ms(10), nil), Inconclusive, "no upper bound yet, which does not settle the limit of 400 ms; needs about 49 more updates"},
		{"straddling", l(100, 0, 4, ms(390), ms(300), ms(600)), Inconclusive, "the p95 is between 300 ms and 600 ms"},
		{"slow and straddling", l(1000, 0, 40, ms(390), ms(300), ms(410)), Inconclusive, "needs about"},
		{"some silent", l(100, 3, 3, ms(20), ms(10), nil), Inconclusive, "3 of 100 updates were never answered"},
		{"mostly silent", l(100, 50, 50, nil, nil, nil), Fail, "50 of 100 updates were never answered, so the p95 is beyond every limit"},
		{"on the limit for ever", l(1000, 0, 50, ms(400), ms(300), ms(500)), Inconclusive, "no affordable number of updates"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := ran(p, 970, 30, 0, 20)
			n.Latency, n.Attempts = tt.latency, tt.latency.Count
			g := judgeP95(p, Evidence{Numbers: n})
			if g.Verdict != tt.want || !strings.Contains(g.Reason.String(), tt.reason) {
				t.Errorf("%s %q, want %s %q", g.Verdict, g.Reason, tt.want, tt.reason)
			}
		})
	}
	n := ran(p, 970, 30, 0, 20)
	p.Confidence = 0.99
	if g := judgeP95(p, Evidence{Numbers: n}); g.Verdict != Inconclusive || !strings.Contains(g.Reason.String(), "measure it again") {
		t.Errorf("bounds of another confidence give %s %q", g.Verdict, g.Reason)
	}
}

func TestConflictRateOfNothing(t *testing.T) {
	v := Judge(Default(), Evidence{Numbers: ran(Default(), 0, 0, 50, 20), Anomalies: clean()})
	if g := find(t, v, ConflictRate); g.Verdict != Inconclusive || g.Estimate != nil || !strings.Contains(g.Reason.String(), "no data") {
		t.Errorf("gate %+v", g)
	}
	if v.Verdict != Fail {
		t.Errorf("50 errors of 50 are %s", v.Verdict)
	}
}

// always is how many gates are asked of every run.
func always() int {
	n := 0
	for _, r := range rules {
		if r.Asked == nil {
			n++
		}
	}
	return n
}

func TestSwitchedOff(t *testing.T) {
	p := Default()
	for _, name := range []string{Recovery, Recovery} {
		if err := p.SwitchOff(name); err != nil {
			t.Fatal(err)
		}
	}
	v := Judge(p, Evidence{Numbers: ran(p, 970, 0, 0, 20), Anomalies: clean()})
	if diff := cmp.Diff([]string{Recovery}, v.SwitchedOff); diff != "" || len(v.Gates) != always()-1 || v.Verdict != Pass {
		t.Errorf("verdict %s, %d gates, switched off (-want +got)\n%s", v.Verdict, len(v.Gates), diff)
	}
	for _, name := range Names() {
		if err := p.SwitchOff(name); err != nil {
			t.Fatal(err)
		}
	}
	v = Judge(p, Evidence{Numbers: ran(p, 970, 30, 0, 20), Anomalies: clean()})
	if v.Verdict != Inconclusive || v.Reasons[0].Code != "no_gates" {
		t.Errorf("no gate at all: %s %q", v.Verdict, v.Reasons)
	}
}

func TestTolerated(t *testing.T) {
	p := Default()
	p.Tolerated = []string{"OCC-11"}
	a := clean()
	a.Count = map[string]int{"OCC-11": 7}
	v := Judge(p, Evidence{Numbers: ran(p, 970, 30, 0, 20), Anomalies: a})
	if g := find(t, v, AnomalyCount); v.Verdict != Pass || !strings.Contains(g.Reason.String(), "tolerated by the policy: OCC-11 × 7") {
		t.Errorf("verdict %s, %q", v.Verdict, g.Reason)
	}
	a.Count["OCC-02"] = 1
	v = Judge(p, Evidence{Numbers: ran(p, 970, 30, 0, 20), Anomalies: a})
	if g := find(t, v, AnomalyCount); v.Verdict != Fail || *g.Estimate != 1 {
		t.Errorf("verdict %s, %+v", v.Verdict, g)
	}

	// The sentence is that of an anomaly which fails the gate.
	p.Tolerated = []string{"OCC-01"}
	a.Count = map[string]int{"OCC-01": 3, "OCC-09": 2}
	a.Sentences = map[string]string{"OCC-01": "two updates own version 4", "OCC-09": "version 5 has two states"}
	v = Judge(p, Evidence{Numbers: ran(p, 970, 30, 0, 20), Anomalies: a})
	if g := find(t, v, AnomalyCount); g.Reason.String() != "2 anomalies proven (OCC-09 × 2): version 5 has two states" {
		t.Errorf("verdict %s, %q", v.Verdict, g.Reason)
	}
}

func TestWorse(t *testing.T) {
	for _, tt := range []struct{ a, b, want Result }{
		{Pass, Pass, Pass}, {Pass, Inconclusive, Inconclusive}, {Pass, Fail, Fail},
		{Inconclusive, Fail, Fail}, {"", Pass, Inconclusive}, {"perhaps", Fail, Fail},
	} {
		if got := tt.a.WorseOf(tt.b); got != tt.want {
			t.Errorf("%q and %q: %q, want %q", tt.a, tt.b, got, tt.want)
		}
		if got := tt.b.WorseOf(tt.a); got != tt.want {
			t.Errorf("%q and %q: %q, want %q", tt.b, tt.a, got, tt.want)
		}
	}
}

// The shape that pipelines read: the keys, and null where there is no bound.
func TestVerdictJSON(t *testing.T) {
	v := Judge(Default(), Evidence{Numbers: ran(Default(), 12, 0, 0, 20), Anomalies: clean()})
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Verdict string
		Gates   []map[string]any
		Reasons []map[string]any
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"name": "p95_ms", "unit": "ms", "estimate": 20.0, "lower": 20.0, "upper": nil, "n": 12.0, "n_effective": 12.0, "limit": 400.0, "verdict": "INCONCLUSIVE",
		"reason": map[string]any{"code": "p95_no_bound", "values": map[string]any{"limit": 400.0, "needs": map[string]any{
			"code": "needs", "values": map[string]any{"updates": 47.0, "seconds": 4.386666666666667}, "text": "needs about 47 more updates (5 s at this rate)"}},
			"text": "the p95 has no upper bound yet, which does not settle the limit of 400 ms; needs about 47 more updates (5 s at this rate)"}}
	if diff := cmp.Diff(want, got.Gates[1]); diff != "" {
		t.Errorf("gate (-want +got)\n%s", diff)
	}
	for _, key := range []string{`"outcomes":{"applied":12,"conflict":0,"malformed":0,`, `"switched_off":[]`, `"partial":false`} {
		if !strings.Contains(string(text), key) {
			t.Errorf("%s lacks %s", text, key)
		}
	}
	var back Verdict
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(v, back); diff != "" {
		t.Errorf("round trip (-want +got)\n%s", diff)
	}
}

// Whatever the evidence, a verdict can be written: no NaN, no Inf.
func TestEmptyEvidence(t *testing.T) {
	for name, e := range map[string]Evidence{"nothing": {}, "zero numbers": {Numbers: &measure.Numbers{}}, "zero anomalies": {Anomalies: &Anomalies{}}} {
		v := Judge(Default(), e)
		if _, err := json.Marshal(v); err != nil || v.Verdict != Inconclusive {
			t.Errorf("%s: %s, %v", name, v.Verdict, err)
		}
	}
	if v := Judge(Policy{}, Evidence{Numbers: ran(Default(), 970, 30, 0, 20), Anomalies: clean()}); v.Verdict == Pass {
		t.Error("the zero policy passes a run")
	}
}

// What the load cannot carry takes an answer back: a void either way, a doubt
// only where it may be the generator's fault.
func TestDoubtedGates(t *testing.T) {
	fast := &measure.Numbers{Attempts: 1000, Latency: measure.P95Latency{
		Latency: measure.Latency{Count: 1000, P95MS: new(20.0)}, P95LowerMS: new(18.0), P95UpperMS: new(22.0), Confidence: stats.Enough, LimitMS: 400}}
	slow := &measure.Numbers{Attempts: 1000, Latency: measure.P95Latency{
		Latency: measure.Latency{Count: 1000, P95MS: new(520.0)}, P95LowerMS: new(500.0), P95MeasuredMS: new(500.0), P95UpperMS: new(540.0), Confidence: stats.Enough, LimitMS: 400, Moments: 20}}
	void := validity.Line{Name: "dropped turns", State: validity.Void, Why: reason.FromText("too many"), Voids: []string{P95}}
	doubt := validity.Line{Name: "timers", State: validity.Warning, Why: reason.FromText("too late"), Doubts: []string{P95}}
	cases := []struct {
		name    string
		numbers *measure.Numbers
		line    validity.Line
		want    Result
	}{
		{"void, fast", fast, void, Inconclusive},
		{"void, slow", slow, void, Inconclusive},
		{"doubt, fast", fast, doubt, Pass},
		{"doubt, slow", slow, doubt, Inconclusive},
		{"nothing, slow", slow, validity.Line{Name: "timers", State: validity.OK}, Fail},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			v := Judge(Default(), Evidence{Numbers: c.numbers, Validity: &validity.Report{Lines: []validity.Line{c.line}}})
			for _, g := range v.Gates {
				if g.Name != P95 {
					continue
				}
				if g.Verdict != c.want || c.want == Inconclusive && g.Reason.String() != c.line.Name+": "+c.line.Why.String() {
					t.Errorf("%s: %s", g.Verdict, g.Reason)
				}
			}
			if len(v.Validity) != 1 {
				t.Errorf("the verdict holds %d lines", len(v.Validity))
			}
		})
	}
}
