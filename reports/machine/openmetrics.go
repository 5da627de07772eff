package machine

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"google.golang.org/protobuf/proto"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/reports/view"
)

// OpenMetrics writes the run's numbers as an OpenMetrics text file. All of them
// are gauges, the state of one run: with nothing else in it, the collector for
// text files of Prometheus' node exporter, which knows less, reads it too.
func OpenMetrics(w io.Writer, run view.Run) error {
	var b bytes.Buffer
	for _, f := range buildFamilies(run) {
		if len(f.Metric) == 0 {
			continue
		}
		if _, err := expfmt.MetricFamilyToOpenMetrics(&b, f); err != nil {
			return fmt.Errorf("writing the report as OpenMetrics: %w", err)
		}
	}
	if _, err := expfmt.FinalizeOpenMetrics(&b); err != nil {
		return fmt.Errorf("writing the report as OpenMetrics: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("writing the report as OpenMetrics: %w", err)
	}
	return nil
}

// buildFamilies returns the metrics; one without a sample is left out. Every
// series names its target: the textfile collector refuses a series that occurs
// in two files of its folder.
func buildFamilies(run view.Run) []*dto.MetricFamily {
	all := []*dto.MetricFamily{verdictFamily(run), infoFamily(run)}
	all = append(all, gateFamilies(run)...)
	all = append(all, switchedOffFamily(run))
	all = append(all, attemptFamilies(run)...)
	all = append(all, predictedFamily(run), anomalyFamily(run), probedFamily(run), racesFamily(run), lostFamily(run), startFamily(run))
	if run.Manifest == nil {
		return all
	}
	target := &dto.LabelPair{Name: proto.String("target"), Value: proto.String(run.Manifest.Spec.Target)}
	for _, f := range all {
		for _, m := range f.Metric {
			m.Label = append(m.Label, target)
		}
	}
	return all
}

func newFamily(name, help string) *dto.MetricFamily {
	return &dto.MetricFamily{Name: proto.String(name), Help: proto.String(help), Type: dto.MetricType_GAUGE.Enum()}
}

// addGauge adds a value to a metric. Labels are names and values in turn.
func addGauge(f *dto.MetricFamily, value float64, labels ...string) {
	m := &dto.Metric{Gauge: &dto.Gauge{Value: proto.Float64(value)}}
	for i := 0; i+1 < len(labels); i += 2 {
		m.Label = append(m.Label, &dto.LabelPair{Name: proto.String(labels[i]), Value: proto.String(labels[i+1])})
	}
	f.Metric = append(f.Metric, m)
}

// verdictFamily has a 1 for the verdict of the run and a 0 for the others, so
// that an alert needs no text.
func verdictFamily(run view.Run) *dto.MetricFamily {
	f := newFamily("occbench_verdict", "Verdict of the run: 1 for what it is.")
	for _, r := range []gate.Result{gate.Pass, gate.Fail, gate.Inconclusive} {
		addGauge(f, toFloat(r == run.Verdict.Verdict.WorseOf(gate.Pass)), "verdict", string(r))
	}
	return f
}

func toFloat(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func infoFamily(run view.Run) *dto.MetricFamily {
	f := newFamily("occbench_run_info", "What was run; always 1.")
	if m := run.Manifest; m != nil {
		addGauge(
			f,
			1,
			"build",
			view.ShortenText(m.TargetBuild, 128),
			"scenario",
			m.Spec.Scenario,
			"tool_version",
			m.ToolVersion,
			"k6_version",
			m.K6Version,
			"demonstration",
			strconv.FormatBool(m.Spec.Store != ""),
		)
	}
	return f
}

func gateFamilies(run view.Run) []*dto.MetricFamily {
	estimate := newFamily("occbench_gate_estimate", "What was seen, in the gate's unit: ratio, milliseconds for p95_ms, count.")
	lower := newFamily("occbench_gate_lower_bound", "One-sided lower bound, in the gate's unit.")
	upper := newFamily("occbench_gate_upper_bound", "One-sided upper bound, in the gate's unit.")
	limit := newFamily("occbench_gate_limit", "Limit of the gate, in its unit.")
	n := newFamily("occbench_gate_samples", "Samples that the gate rests on.")
	passed := newFamily("occbench_gate_passed", "1 where the gate is kept, 0 where it is broken or undecided.")
	for _, g := range run.Verdict.Gates {
		addGaugeIfAny(estimate, g.Estimate, g.Name)
		addGaugeIfAny(lower, g.Lower, g.Name)
		addGaugeIfAny(upper, g.Upper, g.Name)
		addGaugeIfAny(limit, &g.Limit, g.Name)
		addGauge(n, float64(g.N), "gate", g.Name)
		addGauge(passed, toFloat(g.Verdict == gate.Pass), "gate", g.Name)
	}
	return []*dto.MetricFamily{passed, estimate, lower, upper, limit, n}
}

func switchedOffFamily(run view.Run) *dto.MetricFamily {
	f := newFamily("occbench_gate_switched_off", "Gates that the policy does not ask; always 1.")
	for _, name := range run.Verdict.SwitchedOff {
		addGauge(f, 1, "gate", name)
	}
	return f
}

// addGaugeIfAny adds the number of a gate that has one.
func addGaugeIfAny(f *dto.MetricFamily, value *float64, name string) {
	if value != nil {
		addGauge(f, *value, "gate", name)
	}
}

func attemptFamilies(run view.Run) []*dto.MetricFamily {
	attempts := newFamily("occbench_attempts", "Attempts of the measured window by outcome.")
	reads := newFamily("occbench_reads", "Reads of the measured window.")
	rate := newFamily("occbench_attempts_per_second", "Attempts per second of the measured window.")
	latency := newFamily(
		"occbench_attempt_latency_seconds",
		"Latency of the attempts by outcome; one that falls among updates without an answer is +Inf.",
	)
	n := run.Numbers
	if n == nil {
		return nil
	}
	for _, o := range history.UpdateOutcomes() {
		addGauge(attempts, float64(n.Outcomes[o]), "outcome", o.String())
	}
	addGauge(reads, float64(n.Reads.Count))
	addGauge(rate, n.AttemptsPerS)
	for _, o := range history.Outcomes() {
		if l, ok := n.ByOutcome[o]; ok {
			addQuantiles(latency, o.String(), l)
		}
	}
	if n.Attempts > 0 {
		addQuantiles(latency, "all", n.Latency.Latency)
	}
	return []*dto.MetricFamily{attempts, reads, rate, latency}
}

func addQuantiles(f *dto.MetricFamily, outcome string, l measure.Latency) {
	for _, q := range []struct {
		q  float64
		ms *float64
	}{{0.5, l.P50MS}, {0.9, l.P90MS}, {0.95, l.P95MS}, {0.99, l.P99MS}} {
		addGauge(f, toSeconds(q.ms), "outcome", outcome, "q", strconv.FormatFloat(q.q, 'g', -1, 64))
	}
}

// predictedFamily stands beside the estimate of the gate conflict_rate.
func predictedFamily(run view.Run) *dto.MetricFamily {
	f := newFamily(
		"occbench_predicted_conflict_rate",
		"Conflict rate of a correct server under the contention that the run really had: the rate and its bounds.",
	)
	if c := run.Verdict.Contention; c != nil {
		addGauge(f, c.Lower, "bound", "lower")
		addGauge(f, c.Predicted, "bound", "none")
		addGauge(f, c.Upper, "bound", "upper")
	}
	return f
}

func anomalyFamily(run view.Run) *dto.MetricFamily {
	f := newFamily("occbench_anomalies", "Proven anomalies by invariant; absent when the history was not or cannot be judged.")
	if run.Anomalies == nil || !run.Anomalies.Judged {
		return f
	}
	for _, v := range check.Invariants() {
		addGauge(f, float64(run.Anomalies.Count(v.ID)), "invariant", v.ID.String())
	}
	return f
}

func probedFamily(run view.Run) *dto.MetricFamily {
	f := newFamily("occbench_probe_defects", "Invariants that the probe has proven broken before the load: 1 for each; absent without a "+
		"probe.")
	if run.Probe == nil {
		return f
	}
	for _, v := range check.Invariants() {
		broken := slices.ContainsFunc(run.Probe.Defects, func(d probe.Defect) bool { return d.ID == v.ID })
		addGauge(f, toFloat(broken), "invariant", v.ID.String())
	}
	return f
}

func racesFamily(run view.Run) *dto.MetricFamily {
	return addRaceCounts(run, newFamily("occbench_races", "Races in which two attempts met, by who played them and attempts in each."),
		func(c measure.RaceCount) int { return c.Played })
}

func lostFamily(run view.Run) *dto.MetricFamily {
	return addRaceCounts(run, newFamily("occbench_races_lost", "Races in which an update was lost, of occbench_races."),
		func(c measure.RaceCount) int { return c.Lost })
}

func addRaceCounts(run view.Run, f *dto.MetricFamily, count func(measure.RaceCount) int) *dto.MetricFamily {
	for _, p := range view.ListPowers(run) {
		for _, c := range p.Races {
			addGauge(f, float64(count(c)), "by", p.By, "of", strconv.Itoa(c.Of))
		}
	}
	return f
}

func startFamily(run view.Run) *dto.MetricFamily {
	f := newFamily("occbench_run_start_timestamp_seconds", "When the run began, in seconds since 1970.")
	if start, _ := findSpan(run); !start.IsZero() {
		addGauge(f, float64(start.UnixNano())/float64(time.Second))
	}
	return f
}

// toSeconds converts a latency from ms to s; a missing one is +Inf.
func toSeconds(ms *float64) float64 {
	if ms == nil {
		return math.Inf(1)
	}
	return *ms / 1000
}
