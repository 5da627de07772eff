package chart

import (
	"fmt"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/trend"
	"github.com/occbench/occbench/internal/validity"
	"github.com/occbench/occbench/reports/view"
)

// newLoadedRun returns a run of 30 records with 50 attempts each, and with the
// given conflicts.
func newLoadedRun(conflicts func(record, i int) bool) view.Run {
	s := measure.NewSeries(0)
	at := int64(0)
	for i := range 50 {
		for record := range 30 {
			o := history.New()
			o.Kind, o.Outcome, o.Attempt, o.Operator, o.Record = history.Read, history.Seen, 1, int32(record), fmt.Sprint(record)
			o.Start, o.End = at, at+1e6
			s.Add(&o)
			o.Kind, o.Outcome, o.Start, o.End = history.Update, history.Applied, at+2e6, at+int64(4+i)*1e6
			if conflicts(record, i) {
				o.Outcome = history.Conflict
			}
			s.Add(&o)
			at += 5e6
		}
	}
	line := s.Timeline()
	return view.Run{Timeline: &line, Verdict: gate.Verdict{Confidence: 0.95}}
}

// A record outside the limits is named. Whether the server is to blame depends on what a
// correct one shows for the same calls.
func TestFunnelNamesWhatIsOutside(t *testing.T) {
	hot := func(record, i int) bool { return i%20 == record%20 || record == 7 && i%2 == 0 }
	for _, tt := range []struct {
		name      string
		predicted float64 // of record 7
		class     string
		says      string
	}{{"the load", 0.5, "dots out", "the load is to blame"}, {"the server", 0.05, "cross", "against what a correct server shows"}} {
		t.Run(tt.name, func(t *testing.T) {
			run := newLoadedRun(hot)
			rates := map[string]float64{"7": tt.predicted}
			for i := range 30 {
				if i != 7 {
					rates[fmt.Sprint(i)] = 0.05
				}
			}
			run.Timeline.Records.Predict(rates)
			p := DrawFunnel(run)
			if p == nil || len(p.Names) != 1 || p.Names[0].Text != "7" || p.Lines[len(p.Lines)-1].Class != tt.class || !strings.Contains(strings.Join(p.Key, " "), tt.says) {
				t.Errorf("%+v", p)
			}
		})
	}
	calm := DrawFunnel(newLoadedRun(func(record, i int) bool { return i%20 == record%20 }))
	if calm == nil || len(calm.Names) != 0 || !strings.Contains(calm.Alt, ": 0 outside") {
		t.Errorf("%+v", calm)
	}
	if p := DrawFunnel(newLoadedRun(func(int, int) bool { return false })); p != nil {
		t.Errorf("a funnel of no conflicts: %+v", p)
	}
}

// The words of a drawing are about its data.
func TestDrawingsTellTheirData(t *testing.T) {
	run := newLoadedRun(func(record, i int) bool { return record < 4 && i%5 == 0 })
	run.Course = &validity.Course{StepS: 1, Observed: []int{0, 20, 20}, Expected: []float64{0, 19.6, 19.6}}
	run.Verdict.Gates = []gate.Gate{{Name: gate.P95, Limit: 4000}}
	far, curve := drawHeat(run, *run.Timeline, Axis{From: 0, To: 8, Length: 100}, 0), DrawPercentiles(run)
	for _, tt := range []struct{ drawing, alt, want string }{
		{"heat of latencies", far.Alt, "from 1.97 ms to 52.4 ms, half within 26.2 ms"},
		{"percentiles", curve.Alt, "applied: p50 26.2 ms"},
		{"course", DrawCourse(run).Alt, "40 on this server, 39 on a correct server"},
		{"contention", DrawContention(run).Alt, "Conflicts of 4 records over time"},
		{"flow", DrawFlow(run).Alt, "40 of 1,500 first attempts met a conflict; after attempt 1: 40 not tried again"},
		{"load", DrawLoad(run).Panels[0].Alt, "Turns that began, per second over 7.5 s: from 200 to 200, on average 200"},
	} {
		if !strings.Contains(tt.alt, tt.want) {
			t.Errorf("%s: %q has no %q", tt.drawing, tt.alt, tt.want)
		}
	}
	if far.Limit != nil || !strings.Contains(far.Above, "4000 ms") {
		t.Errorf("a limit far above everything: %v, %q", far.Limit, far.Above)
	}
}

// At the right end stands what the last whole bin says.
func TestPartialBinNamesNothing(t *testing.T) {
	s := measure.NewSeries(0)
	for i := range 400 {
		o := history.New()
		o.Kind, o.Outcome, o.Attempt, o.Operator, o.Record = history.Update, history.Applied, 1, 1, "1"
		o.Start = int64(i) * 1e6
		o.End = o.Start + int64(1+i%20)*1e6
		if i == 399 {
			o.Start, o.End = 400e6, 400e6+1e5 // alone in the last bin, and quick
		}
		s.Add(&o)
	}
	line := s.Timeline()
	coarse := line.Coarsen(20)
	h := drawHeat(view.Run{Timeline: &line}, coarse, Axis{From: 0, To: 0.41, Length: 100}, 0)
	if len(h.Names) != 2 || h.Names[0].Label != "p95" || h.Names[1].Label != "p50" {
		t.Errorf("from above: %v", h.Names)
	}
}

func TestSpark(t *testing.T) {
	value := func(v float64) map[string]*float64 { return map[string]*float64{gate.P95: &v} }
	runs := []trend.Run{
		{Name: "a", Gates: map[string]gate.Result{gate.P95: gate.Pass}, Values: value(100)},
		{Name: "b", Gates: map[string]gate.Result{}},
		{Name: "c", Gates: map[string]gate.Result{gate.P95: gate.Fail}, Values: value(500)},
	}
	s := DrawSpark(gate.P95, 400, runs)
	if s == nil || len(s.Marks) != 2 || s.Limit == nil || !(s.Marks[1].Y < *s.Limit && *s.Limit < s.Marks[0].Y) || !s.Marks[1].Last ||
		s.Alt != "The last 2 runs, oldest first: PASS, FAIL" {
		t.Errorf("%+v", s)
	}
	if s := DrawSpark(gate.P95, 400, runs[1:]); s != nil {
		t.Errorf("of one run: %+v", s)
	}
}

func TestAxesHaveNoExponents(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 1234: "1,234", 1000: "1,000", 0.25: "0.25", 1e6: "1,000,000", 0.30000000000000004: "0.3"} {
		if got := formatPlain(v); got != want {
			t.Errorf("plain(%v) = %q, want %q", v, got, want)
		}
	}
}
