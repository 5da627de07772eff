package validity

import (
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/history"
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
	begun    map[int32]bool
}

func (p *phases) add(op *history.Op) {
	warm := op.Flags&history.Warmup != 0
	if op.Kind == history.Read {
		p.read(op, warm)
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

func (p *phases) read(op *history.Op, warm bool) {
	if !op.Answered() {
		return
	}
	if p.begun == nil {
		p.begun = map[int32]bool{}
	}
	if p.begun[op.Operator] {
		p.later.add(op.End - op.Start)
		return
	}
	p.begun[op.Operator] = true
	p.first.Add(op.End - op.Start)
	if !warm {
		p.firstIn++
	}
}

// Warmup follows a history and finds where its warm-up ends, by MSER-5 over the
// latencies of the moves in the order of their answers, no later than 30 % of
// the load's declared length after its first move.
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
// to the warm-up; 0 when the moves are too few to tell.
func (w *Warmup) Cut(load time.Duration) time.Duration {
	at, ok := w.mser.Cut()
	if !ok {
		return 0
	}
	return time.Duration(min(at, w.first+int64(MostWarmup*float64(load))))
}

// warmup names the rule of the cut and shows the p95 with and without it.
func (m *Measure) warmup() (Line, bool) {
	p := &m.phases
	l := Line{Name: "warm-up", State: OK}
	found := "MSER-5 finds no warm-up in so few moves"
	if at, ok := p.mser.Cut(); ok {
		found = fmt.Sprintf("MSER-5 would cut at %.1f s", seconds(at))
	}
	switch {
	case m.run.WarmupAuto && m.run.Cut > 0:
		l.Words = fmt.Sprintf("cut at %.1f s of the run's clock by MSER-5, at most %.0f %% of the run", m.run.Cut.Seconds(), 100*MostWarmup)
	case m.run.WarmupAuto:
		l.Words = "nothing is cut: " + found
	case m.run.Warmup == 0:
		l.Words = "nothing is cut, by the fixed rule; " + found
	default:
		l.Words = fmt.Sprintf("cut by the fixed rule, the first %s; %s", m.run.Warmup, found)
	}
	if p.warm.Len()+p.measured.Len() == 0 {
		return l, true
	}
	l.Words += fmt.Sprintf("; p95 of the moves %s, with the warm-up's %d moves %s", p95(&p.measured), p.warm.Len(), p95(&p.warm, &p.measured))
	return l, true
}

// cold shows the operators' first requests apart: a connection is made for them,
// and a server that sleeps is woken up.
func (m *Measure) cold() (Line, bool) {
	p := &m.phases
	if p.first.Len() == 0 || p.later.n == 0 {
		return Line{}, false
	}
	l := Line{Name: "cold starts", State: OK}
	first := stats.OrderStatistics([]int{stats.Rank(p.first.Len(), 0.5), p.first.Len()}, &p.first)
	l.Words = fmt.Sprintf("the first board of each of %s took %s in the median and %s at worst, later ones %s in the median; ",
		plural(p.first.Len(), "operator", "operators"), latency(first[0]), latency(first[1]), latency(p.later.quantile(0.5)))
	if p.firstIn == 0 {
		l.Words += "all of them lie in the warm-up"
	} else {
		l.Words += fmt.Sprintf("%d of them lie in the measured part", p.firstIn)
	}
	return l, true
}

func p95(samples ...*stats.Sample) string {
	n := 0
	for _, s := range samples {
		n += s.Len()
	}
	if n == 0 {
		return "unknown"
	}
	return latency(stats.OrderStatistics([]int{stats.Rank(n, 0.95)}, samples...)[0])
}

// latency writes nanoseconds.
func latency(ns int64) string {
	switch d := time.Duration(ns); {
	case ns == stats.Never:
		return "endless"
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(ns)/1e6)
	case d < 10*time.Second:
		return fmt.Sprintf("%.0f ms", float64(ns)/1e6)
	default:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
}
