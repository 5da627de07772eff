package compare

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
)

// played describes a run to be made up: lognormal latencies of the given median
// in ms, rates, and how much one latency resembles the one before it.
type played struct {
	moves            int
	ms, slower       float64
	conflict, failed float64
	resemble         float64
	open             bool
}

// side plays a run.
func (s played) side(r *rand.Rand, name string) *Side {
	one := &Side{Directory: name, Manifest: &run.Manifest{TargetBuild: "1.4.2", State: run.Complete},
		anomalies: map[string]int{}}
	m := measure.New(measure.Options{Samples: true})
	now, mood := int64(0), 0.0
	call := func(op history.Op) {
		mood = s.resemble*mood + math.Sqrt(1-s.resemble*s.resemble)*r.NormFloat64()
		op.Start, op.End = now, now+int64(1e6*(s.ms*math.Exp(0.4*mood)+s.slower))
		op.Operator, op.Record, op.HTTP = int32(1+now/1e7%5), "17", 200
		if s.open && op.Kind == history.Update {
			op.Scheduled = now - 2e6
		}
		now += 1e7
		m.Add(&op)
	}
	for range s.moves {
		move := history.New()
		move.Kind, move.Outcome, move.Attempt, move.Expected, move.Target = history.Update, history.Applied, 1, 3, "ready"
		read := history.New()
		read.Kind, read.Outcome, read.Attempt = history.Read, history.Seen, 1
		switch x := r.Float64(); {
		case x < s.conflict:
			move.Outcome = history.Conflict
		case x < s.conflict+s.failed:
			move.Outcome = history.ServerError
		}
		call(read)
		call(move)
	}
	one.Numbers, one.samples = m.Numbers(), *m.Samples()
	return one
}

// Two runs of one server, 300 times, with no noise allowed for: at most one in
// twenty comparisons says worse anywhere, and as rarely better.
func TestFalseAlarmsAreRare(t *testing.T) {
	if testing.Short() {
		t.Skip("plays hundreds of runs")
	}
	for _, tt := range []struct {
		name string
		run  played
	}{
		{"independent", played{moves: 300, ms: 5, conflict: 0.05, failed: 0.01}},
		{"latencies that hang together", played{moves: 600, ms: 5, conflict: 0.05, failed: 0.01, resemble: 0.8}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const pairs = 150
			r := rand.New(rand.NewPCG(1, 8))
			worse, better := 0, 0
			for range pairs {
				report, err := Compare(tt.run.side(r, "base"), tt.run.side(r, "run"), Options{Noise: &Noise{}})
				if err != nil {
					t.Fatal(err)
				}
				worse += min(1, report.Count(Worse))
				better += min(1, report.Count(Better))
			}
			t.Logf("%d worse and %d better of %d", worse, better, pairs)
			// Three deviations above 5 %, so that the test says nothing by chance.
			if limit := 0.05*pairs + 3*math.Sqrt(pairs*0.05*0.95); float64(worse) > limit || float64(better) > limit {
				t.Errorf("%d of %d pairs of equal runs are worse, %d better", worse, pairs, better)
			}
		})
	}
}

// What is said to be detectable is detected in about 80 of 100 cases.
func TestDetectableIsDetected(t *testing.T) {
	if testing.Short() {
		t.Skip("plays hundreds of runs")
	}
	r := rand.New(rand.NewPCG(2, 8))
	run := played{moves: 300, ms: 5, conflict: 0.05}
	mean, meanRate := 0.0, 0.0
	const pairs = 60
	for range pairs {
		report := compareSides(t, run.side(r, "base"), run.side(r, "run"))
		mean += *findLine(t, report, Latencies, "updates").Detectable / pairs
		meanRate += *findLine(t, report, Gates, "conflict_rate").Detectable / pairs
	}
	slower := run
	slower.slower, slower.conflict = mean, run.conflict+meanRate
	found, foundRate := 0, 0
	for range pairs {
		report := compareSides(t, run.side(r, "base"), slower.side(r, "run"))
		found += toInt(findLine(t, report, Latencies, "updates").Verdict == Worse)
		foundRate += toInt(findLine(t, report, Gates, "conflict_rate").Verdict == Worse)
	}
	t.Logf("+%.2f ms: %d, +%.3f conflicts: %d of %d", mean, found, meanRate, foundRate, pairs)
	if found < pairs*6/10 || found == pairs {
		t.Errorf("+%.2f ms should be detected in 80 of 100 cases, is in %d of %d", mean, found, pairs)
	}
	if foundRate < pairs*6/10 || foundRate == pairs {
		t.Errorf("+%.3f conflicts should be detected in 80 of 100 cases, are in %d of %d", meanRate, foundRate, pairs)
	}
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func compareSides(t *testing.T, base, other *Side) Report {
	t.Helper()
	report, err := Compare(base, other, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func findLine(t *testing.T, r Report, group Group, name string) Line {
	t.Helper()
	for _, l := range r.Lines {
		if l.Group == group && l.Name == name {
			return l
		}
	}
	t.Fatalf("there is no %s %s", group, name)
	return Line{}
}
