package gate

import (
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/validity"
)

// What holds with the stalls of the generator and without them stands; what does not
// is open, and says that the generator was stalled.
func TestStalledGenerator(t *testing.T) {
	p := Default()
	const why = "the generator itself was stalled for 2.0 s in 3 stalls"
	for _, c := range []struct {
		name   string
		gate   string
		spoil  func(n *measure.Numbers)
		want   Result
		reason string
	}{
		{"errors that a stall may be behind", ErrorRate, func(n *measure.Numbers) { n.ErrorRate.Hits, n.ErrorRate.Excused = 40, 40 }, Inconclusive, "40 of 40 updates that fail may do so because " + why},
		{"errors without it", ErrorRate, func(n *measure.Numbers) { n.ErrorRate.Hits, n.ErrorRate.Excused = 80, 40 }, Fail, "at least 3.03 %"},
		{"conflicts that a stall may be behind", ConflictRate, func(n *measure.Numbers) { n.ConflictRate.Hits, n.ConflictRate.Excused = 150, 100 }, Inconclusive, why},
		{"a p95 that a stall may be behind", P95, func(n *measure.Numbers) {
			n.Latency.P95LowerMS, n.Latency.P95MeasuredMS, n.Latency.P95UpperMS = new(12.0), new(447.0), new(600.0)
		}, Inconclusive, "the p95 was measured to be beyond the limit of 400 ms, but " + why},
		{"a p95 without it", P95, func(n *measure.Numbers) {
			n.Latency.P95LowerMS, n.Latency.P95MeasuredMS, n.Latency.P95UpperMS, n.Latency.Moments = new(460.0), new(1447.0), new(1600.0), 20
		}, Fail, "the p95 is at least 453 ms when the 7 ms are taken off that the generator was late at most"},
		{"a p95 of few moments", P95, func(n *measure.Numbers) {
			n.Latency.P95LowerMS, n.Latency.P95MeasuredMS, n.Latency.P95UpperMS, n.Latency.Moments = new(460.0), new(460.0), new(1600.0), 4
		}, Inconclusive, "the slow updates were sent in 4 separate moments, and it takes 5"},
		{"a p95 that is kept all the same", P95, func(n *measure.Numbers) { n.Latency.Excused = 3 }, Pass, "at most 20 ms"},
		{"recovery that a stall may be behind", Recovery, func(n *measure.Numbers) { n.Recovery = measure.Recovery{Turns: 9, Retried: 7, Excused: 2} }, Inconclusive,
			"2 turns with a conflict were not recovered from in time, but " + why + "; all 7 others were"},
		{"recovery without it", Recovery, func(n *measure.Numbers) { n.Recovery = measure.Recovery{Turns: 9, Retried: 6, Late: 1, Excused: 2} }, Fail, "1 of 7 turns"},
		{"nothing but excused turns", Recovery, func(n *measure.Numbers) { n.Recovery = measure.Recovery{Turns: 2, Excused: 2} }, Inconclusive, why},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := ran(p, 970, 30, 0, 20)
			n.Stalls = &measure.Stalls{Count: 3, TotalS: 2, LateMS: 7}
			c.spoil(n)
			g := find(t, Judge(p, Evidence{Numbers: n, Anomalies: clean()}), c.gate)
			if g.Verdict != c.want || !strings.Contains(g.Reason.String(), c.reason) {
				t.Errorf("%s %q, want %s %q", g.Verdict, g.Reason, c.want, c.reason)
			}
		})
	}
}

// A p95 that is thirteen times the limit stays FAIL however late the timers were; one
// that the lateness may explain is open.
func TestLateTimersAreTakenOff(t *testing.T) {
	p := Default()
	for _, c := range []struct {
		name  string
		lower float64
		late  float64
		want  Result
	}{
		{"thirteen times the limit", 5200, 67, Fail},
		{"thirteen times the limit, very late", 5200, 4700, Fail},
		{"a little over the limit", 447, 67, Inconclusive},
		{"over it by more than the lateness", 480, 67, Fail},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := ran(p, 970, 30, 0, 20)
			n.Latency.P95LowerMS, n.Latency.P95MeasuredMS, n.Latency.P95UpperMS, n.Latency.Moments = &c.lower, &c.lower, new(2*c.lower), 20
			timers := validity.Line{Name: "timers", State: validity.Warning, Why: reason.FromText("too late"), LateMS: c.late, Busy: true}
			v := Judge(p, Evidence{Numbers: n, Anomalies: clean(), Validity: &validity.Report{Lines: []validity.Line{timers}}})
			if g := find(t, v, P95); g.Verdict != c.want {
				t.Errorf("%s: %s", g.Verdict, g.Reason)
			}
		})
	}
}

// Twenty updates that failed at once are one event: the same share, spread over the
// run, is not.
func TestClusteredErrors(t *testing.T) {
	p := Default()
	n := ran(p, 980, 0, 20, 20)
	v := Judge(p, Evidence{Numbers: n, Anomalies: clean()})
	if g := find(t, v, ErrorRate); g.Verdict != Fail || g.Effective != g.N {
		t.Errorf("spread over the run: %s, n %d, %d effective", g.Verdict, g.N, g.Effective)
	}
	n.ErrorRate.Effect = 20
	v = Judge(p, Evidence{Numbers: n, Anomalies: clean()})
	g := find(t, v, ErrorRate)
	if g.Verdict != Inconclusive || g.Effective != 50 || !strings.Contains(g.Reason.String(), "they cluster in time: 1,000 updates tell as much as 50 that are independent") {
		t.Errorf("at once: %s %q, %d effective", g.Verdict, g.Reason, g.Effective)
	}
}

// At a look nothing is broken that was seen in fewer than five moments.
func TestLooksNeedMoments(t *testing.T) {
	p := Default()
	p.Anytime = true
	n := ran(p, 500, 0, 500, 20)
	n.ErrorRate.Moments = 4
	if g := find(t, Judge(p, Evidence{Numbers: n, Anomalies: clean()}), ErrorRate); g.Verdict != Inconclusive || !strings.Contains(g.Reason.String(), "4 separate moments") {
		t.Errorf("%s %q", g.Verdict, g.Reason)
	}
	n.ErrorRate.Moments = 5
	if g := find(t, Judge(p, Evidence{Numbers: n, Anomalies: clean()}), ErrorRate); g.Verdict != Fail {
		t.Errorf("%s %q", g.Verdict, g.Reason)
	}
}

// Where the conflicts are those of a correct server the load is to blame, and nothing
// else may be broken.
func TestBlame(t *testing.T) {
	p := Default()
	hot := func() Evidence {
		return Evidence{Numbers: ran(p, 600, 400, 0, 20), Anomalies: clean(), Cooler: []string{"--records 152 or more", "--pick uniform"},
			Validity: &validity.Report{Contention: &validity.Contention{Predicted: 0.39, Observed: 0.4, Agreement: predict.Agrees.String()}}}
	}
	const blame = "the server is right; this load is too hot for the limit of 10 %; use --records 152 or more, or --pick uniform"
	for _, c := range []struct {
		name  string
		spoil func(e *Evidence)
		want  bool
	}{
		{"too hot", func(*Evidence) {}, true},
		{"turns that were beaten", func(e *Evidence) { e.Numbers.Recovery.NotRecovered = 3 }, true},
		{"too many conflicts", func(e *Evidence) { e.Validity.Contention.Agreement = predict.TooMany.String() }, false},
		{"an anomaly", func(e *Evidence) { e.Anomalies.Count = map[string]int{"OCC-01": 1} }, false},
		{"not judged", func(e *Evidence) { e.Anomalies = nil }, false},
		{"errors too", func(e *Evidence) { e.Numbers.ErrorRate.Hits = 400 }, false},
		{"nobody looked", func(e *Evidence) { e.Validity = nil }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := hot()
			c.spoil(&e)
			v := Judge(p, e)
			g := find(t, v, ConflictRate)
			if v.Verdict != Fail || g.Verdict != Fail || (g.Blame == BlamesLoad) != c.want || strings.HasPrefix(g.Reason.String(), blame) != c.want {
				t.Errorf("%s: blame %q, reason %q", v.Verdict, g.Blame, g.Reason)
			}
			if r := find(t, v, Recovery); c.want && r.Verdict == Fail {
				t.Errorf("the load is too hot, and recovery accuses the server: %q", r.Reason)
			}
		})
	}
}
