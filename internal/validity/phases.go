package validity

import (
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/stats"
)

// MostWarmup is the largest share of a run that an automatic warm-up cuts: a
// run that goes on settling for longer has no steady state to measure.
const MostWarmup = 0.3

// phases tells the beginning of a run from the rest of it.
type phases struct {
	mser     stats.MSER
	warm     stats.Sample // latencies of attempts in the warm-up, ns
	measured stats.Sample
	first    stats.Sample // the first read of each operator, ns
	later    thinned      // all other reads
	firstIn  int          // first reads that were not in the warm-up
	begun    history.OperatorTable[bool]
}

func (p *phases) add(op *history.Op) {
	warm := op.Flags&history.Warmup != 0
	if op.Kind == history.Read {
		p.addRead(op, warm)
		return
	}
	if op.Flags&history.Double != 0 {
		return
	}
	latency := int64(stats.Never)
	if op.Answered() {
		latency = op.End - op.Start
		p.mser.Add(op.Start, float64(latency))
	}
	if warm {
		p.warm.Add(latency)
	} else {
		p.measured.Add(latency)
	}
}

func (p *phases) addRead(op *history.Op, warm bool) {
	if !op.Answered() {
		return
	}
	begun := p.begun.At(op.Operator)
	if *begun {
		p.later.add(op.End - op.Start)
		return
	}
	*begun = true
	p.first.Add(op.End - op.Start)
	if !warm {
		p.firstIn++
	}
}

// Warmup follows a history and finds where its warm-up ends, by MSER-5 over the
// latencies of the updates in the order of their answers, no later than 30 % of
// the load's declared length after its first update.
type Warmup struct {
	mser  stats.MSER
	first int64
	any   bool
}

// Add takes the next operation.
func (w *Warmup) Add(op *history.Op) {
	if op.Kind != history.Update || !op.Answered() || op.Flags&history.Double != 0 {
		return
	}
	if !w.any {
		w.first, w.any = op.Start, true
	}
	w.mser.Add(op.Start, float64(op.End-op.Start))
}

// Cut returns the time of the history's clock before which an operation belongs
// to the warm-up; 0 when the updates are too few to tell.
func (w *Warmup) Cut(load time.Duration) time.Duration {
	at, ok := w.mser.Cut()
	if !ok {
		return 0
	}
	return time.Duration(min(at, w.first+int64(MostWarmup*float64(load))))
}

// judgeWarmup names the rule of the cut and shows the p95 with and without it.
func (m *Measure) judgeWarmup() (Line, bool) {
	p, r := &m.phases, &m.run
	why := reason.New("warmup", "auto", r.WarmupAuto, "most", MostWarmup)
	if at, ok := p.mser.Cut(); ok {
		why = why.With("found", true).With("at", toSeconds(at))
	}
	switch {
	case r.WarmupAuto:
		why = why.With("cut", r.Cut.Seconds())
	case r.Warmup > 0:
		why = why.With("fixed", r.Warmup.String())
	}
	if n := p.warm.Len() + p.measured.Len(); n > 0 {
		why = why.With("updates", n).With("warm", p.warm.Len()).With("measured", formatP95(&p.measured)).With("with",
			formatP95(&p.warm, &p.measured))
	}
	return Line{Name: "warm-up", State: OK, Why: why}, true
}

// judgeColdStart shows the operators' first requests apart: a connection is made for them,
// and a server that sleeps is woken up.
func (m *Measure) judgeColdStart() (Line, bool) {
	p := &m.phases
	if p.first.Len() == 0 || p.later.n == 0 {
		return Line{}, false
	}
	first := stats.OrderStatistics([]int{stats.Rank(p.first.Len(), 0.5), p.first.Len()}, &p.first)
	return Line{Name: "cold starts", State: OK, Why: reason.New("cold_starts", "operators", p.first.Len(),
		"median", toMilliseconds(first[0]), "worst", toMilliseconds(first[1]), "later", toMilliseconds(p.later.quantile(0.5)), "measured",
		p.firstIn)}, true
}

// formatP95 writes the p95 of samples, of which one that was never answered is endless.
func formatP95(samples ...*stats.Sample) string {
	n := 0
	for _, s := range samples {
		n += s.Len()
	}
	if n == 0 {
		return "unknown"
	}
	ns := stats.OrderStatistics([]int{stats.Rank(n, 0.95)}, samples...)[0]
	if ns == stats.Never {
		return "endless"
	}
	return amount.Milliseconds(toMilliseconds(ns))
}

// toMilliseconds turns nanoseconds into milliseconds.
func toMilliseconds(ns int64) float64 { return float64(ns) / 1e6 }
