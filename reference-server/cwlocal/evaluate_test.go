package cwlocal

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/reference-server/cwlocal/alarms"
	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
)

// published is a value as the brute-force evaluator remembers it.
type published struct {
	at, visible int64
	value       float64
}

// trial is a random alarm over a random series.
type trial struct {
	interval, period, periods, needed int
	policy, operator, statistic       string
	threshold                         float64
	resolution                        int
	delay                             time.Duration
}

func randomTrial(r *rand.Rand) trial {
	tr := trial{
		interval:   []int{60, 60, 20, 7}[r.IntN(4)],
		period:     []int{10, 30, 60, 60, 120, 300}[r.IntN(6)],
		periods:    1 + r.IntN(5),
		policy:     alarms.MissingPolicies[r.IntN(4)],
		operator:   []string{"GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"}[r.IntN(4)],
		statistic:  []string{"Sum", "Maximum", "Minimum", "Average", "SampleCount", "p50", "p90"}[r.IntN(7)],
		threshold:  float64(r.IntN(12)),
		resolution: []int{1, 60}[r.IntN(2)],
		delay:      []time.Duration{0, 0, 45 * time.Second, 3 * time.Minute}[r.IntN(4)],
	}
	tr.needed = 1 + r.IntN(tr.periods)
	return tr
}

// TestAlarmsAgainstBruteForce lets time jump, so that a request has several
// evaluations to catch up on, and data arrive late and out of order.
func TestAlarmsAgainstBruteForce(t *testing.T) {
	turns, trials := 0, uint64(250)
	if testing.Short() {
		trials = 40 // one goroutine plays all of them
	}
	for seed := range trials {
		r := rand.New(rand.NewPCG(seed, 7))
		tr := randomTrial(r)
		got, want := tr.run(t, r)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d, %+v (-want +got):\n%s", seed, tr, diff)
		}
		turns += len(want)
	}
	if turns < 4*int(trials) {
		t.Errorf("only %d changes of state in all trials: they test too little", turns)
	}
}

func (tr *trial) run(t *testing.T, r *rand.Rand) (got, want []string) {
	clk := newClock(noon.Add(time.Duration(r.IntN(60)) * time.Second))
	s := clk.server(Options{EvaluationInterval: time.Duration(tr.interval) * time.Second, Faults: Faults{IngestionDelay: tr.delay}})
	tr.putAlarm(t, s)
	state, last := alarms.StateInsufficient, clk.now().Unix()
	var data []published
	for range 60 {
		clk.add(time.Duration(r.IntN(1+4*tr.period)) * time.Second)
		now := clk.now().Unix()
		for at := last + 1; at <= now; at++ {
			if next := tr.evaluate(data, at, state); next != state {
				want = append(want, fmt.Sprintf("%d %s", at-noon.Unix(), next))
				state = next
			}
		}
		last = now
		data = append(data, tr.publish(t, s, r, clk.now())...)
	}
	for _, item := range s.state.alarms.History.Items {
		if to, found := strings.CutPrefix(item.HistorySummary, "Alarm updated from "); found {
			_, to, _ = strings.Cut(to, " to ")
			got = append(got, fmt.Sprintf("%d %s", item.Timestamp.Unix()-noon.Unix(), to))
		}
	}
	return got, want
}

func (tr *trial) putAlarm(t *testing.T, s *Server) {
	t.Helper()
	ns, name := "N", "m"
	in := alarms.Rule{AlarmName: "a", Namespace: &ns, MetricName: &name, Period: &tr.period, EvaluationPeriods: &tr.periods,
		DatapointsToAlarm: &tr.needed, Threshold: &tr.threshold, ComparisonOperator: &tr.operator, TreatMissingData: &tr.policy}
	if tr.statistic[0] == 'p' {
		in.ExtendedStatistic = &tr.statistic
	} else {
		in.Statistic = &tr.statistic
	}
	if err := s.state.putMetricAlarm(s.state.catchUp(), &in); err != nil {
		t.Fatal(err)
	}
}

func (tr *trial) publish(t *testing.T, s *Server, r *rand.Rand, now time.Time) []published {
	t.Helper()
	var data []published
	var in []metricdata.Datum
	for range r.IntN(4) * r.IntN(2) {
		at := now.Add(-time.Duration(r.IntN(2*tr.period)) * time.Second)
		value := float64(r.IntN(10))
		in = append(in, metricdata.Datum{MetricName: "m", Timestamp: &at, Value: &value, StorageResolution: &tr.resolution})
		data = append(data, published{metricdata.FloorTime(at.Unix(), int64(tr.resolution)), now.Add(tr.delay).Unix(), value})
	}
	if err := s.Preload("N", in); err != nil {
		t.Fatal(err)
	}
	return data
}

// evaluate is the rule in its plainest form: every bucket is computed from all
// data, and the range is a string as the user guide writes it.
func (tr *trial) evaluate(data []published, now int64, state string) string {
	cadence := int64(tr.interval)
	if tr.period < 60 {
		cadence = min(cadence, 10)
	}
	// Truncate counts from the year 1: 1970 began 4 s after a multiple of 7 s,
	// so that seconds since 1970 would not do.
	if !time.Unix(now, 0).Equal(time.Unix(now, 0).Truncate(time.Duration(cadence) * time.Second)) {
		return state
	}
	marks := ""
	for i := tr.periods + 2; i >= 1; i-- {
		start := now - int64(i*tr.period)
		marks += tr.mark(data, start, start+int64(tr.period), now)
	}
	return tr.judge(marks, state)
}

func (tr *trial) mark(data []published, start, end, now int64) string {
	var values []float64
	for _, d := range data {
		if d.visible <= now && d.at >= start && d.at < end {
			values = append(values, d.value)
		}
	}
	if len(values) == 0 {
		return "-"
	}
	v, yes := naive(tr.statistic, values), false
	switch tr.operator {
	case "GreaterThanThreshold":
		yes = v > tr.threshold
	case "GreaterThanOrEqualToThreshold":
		yes = v >= tr.threshold
	case "LessThanThreshold":
		yes = v < tr.threshold
	case "LessThanOrEqualToThreshold":
		yes = v <= tr.threshold
	}
	if yes {
		return "X"
	}
	return "0"
}

// naive computes a statistic of values by its definition.
func naive(statistic string, values []float64) float64 {
	slices.Sort(values)
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	n := float64(len(values))
	switch statistic {
	case "Sum":
		return sum
	case "Average":
		return sum / n
	case "SampleCount":
		return n
	case "Minimum":
		return values[0]
	case "Maximum":
		return values[len(values)-1]
	}
	var p float64
	fmt.Sscanf(statistic, "p%g", &p)
	return values[max(0, int(math.Ceil(p*n/100))-1)]
}

func (tr *trial) judge(marks, state string) string {
	known := strings.ReplaceAll(marks, "-", "")
	verdict := map[bool]string{true: alarms.StateAlarm, false: alarms.StateOK}
	if len(known) >= tr.periods {
		return verdict[strings.Count(known[len(known)-tr.periods:], "X") >= tr.needed]
	}
	filler := map[string]string{alarms.Breaching: "X", alarms.NotBreaching: "0"}[tr.policy]
	if filler != "" {
		return verdict[strings.Count(known+strings.Repeat(filler, tr.periods-len(known)), "X") >= tr.needed]
	}
	switch {
	case known == "" && tr.policy == alarms.Ignore:
		return state
	case known == "":
		return alarms.StateInsufficient
	case strings.Count(known, "X") >= tr.needed:
		return alarms.StateAlarm
	case strings.Contains(known, "0"):
		return alarms.StateOK
	case tr.policy == alarms.Ignore:
		return state
	}
	return verdict[len(marks)-strings.Index(marks, "X") >= tr.needed]
}

// TestWindowsSlide is the case that fixed windows miss: neither of the full
// five minutes has more than 30 conflicts, but some five minutes have 32.
func TestWindowsSlide(t *testing.T) {
	clk := newClock(noon)
	s := clk.server(Options{})
	tr := trial{period: 300, periods: 1, needed: 1, policy: alarms.NotBreaching, operator: "GreaterThanThreshold", statistic: "Sum", threshold: 30}
	tr.putAlarm(t, s)
	for _, at := range []time.Duration{4 * time.Minute, 6 * time.Minute} {
		clk.set(noon.Add(at))
		sixteen := 16.0
		if err := s.Preload("N", []metricdata.Datum{{MetricName: "m", Value: &sixteen}}); err != nil {
			t.Fatal(err)
		}
	}
	clk.set(noon.Add(8 * time.Minute))
	s.state.catchUp()
	if got := s.state.alarms.ByName["a"].State.Value; got != alarms.StateAlarm {
		t.Errorf("the alarm is %s, want ALARM", got)
	}
}

// TestIdleServer must not evaluate every second of a year without a request.
func TestIdleServer(t *testing.T) {
	clk := newClock(noon)
	s := clk.server(Options{EvaluationInterval: time.Second})
	tr := trial{period: 60, periods: 1, needed: 1, policy: alarms.Missing, operator: "GreaterThanThreshold", statistic: "Sum"}
	tr.putAlarm(t, s)
	one := 1.0
	if err := s.Preload("N", []metricdata.Datum{{MetricName: "m", Value: &one}}); err != nil {
		t.Fatal(err)
	}
	clk.add(365 * 24 * time.Hour)
	s.state.catchUp()
	a := s.state.alarms.ByName["a"]
	if a.State.Value != alarms.StateInsufficient || a.Turned.After(noon.Add(10*time.Minute)) {
		t.Errorf("the alarm is %s since %s, want INSUFFICIENT_DATA soon after the data ended", a.State.Value, a.Turned)
	}
	if since := a.Evaluated.Sub(noon); since > time.Hour {
		t.Errorf("evaluated until %s after the data, want it to stop when all is quiet", since)
	}
}
