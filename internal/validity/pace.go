package validity

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/occbench/occbench/internal/gate/name"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/stall"
	"github.com/occbench/occbench/internal/workload"
)

// Bounds from which the generator is the suspect.
const (
	mostDropped = 0.01 // of the planned turns
	mostBusy    = 0.9  // of all processor time
	mostLate    = 0.1  // of the limit of the p95
)

// pace follows how late the generator was. A generator that comes late to its
// timers comes late to its answers too, and takes its own lateness for the
// server's.
type pace struct {
	run   Run
	fixed bool // think times are known exactly
	late  thinned
	calm  int64   // the largest lateness outside the stalls of the generator, ns
	gaps  moments // think times as they were, where they are not fixed
	reads history.OperatorTable[waited]
	think int64 // the mean that was declared, ns
}

// waited is the first read of a turn that no update followed yet.
type waited struct {
	end int64
	is  bool
}

// moments are the count, mean and variance of a series, by Welford's update.
type moments struct {
	n             float64
	mean, squares float64
}

func (m *moments) add(v float64) {
	m.n++
	delta := v - m.mean
	m.mean += delta / m.n
	m.squares += delta * (v - m.mean)
}

// standardError is the standard error of the mean.
func (m *moments) standardError() float64 {
	if m.n < 2 {
		return math.Inf(1)
	}
	return math.Sqrt(m.squares / (m.n - 1) / m.n)
}

func newPace(run Run) pace {
	p := pace{run: run, think: int64(meanDelay(run.Think))}
	switch run.Think.(type) {
	case nil, workload.Fixed:
		p.fixed = true
	}
	return p
}

// add looks at what a timer started: the first read of a turn in an open model,
// the first update in a closed one. An update from a held list waits for no timer
// that the history knows.
func (p *pace) add(op *history.Op) {
	if op.Attempt != 1 || op.Flags&history.Double != 0 {
		return
	}
	if p.run.Rate > 0 {
		if op.Kind == history.Read && op.Scheduled != history.None {
			p.late.add(max(op.Start-op.Scheduled, 0))
			if p.run.Stalls == nil { // else it knows better: turns also wait for operators whom a slow server keeps
				p.calm = max(p.calm, op.Start-op.Scheduled)
			}
		}
		return
	}
	if op.Kind == history.Read {
		*p.reads.At(op.Operator) = waited{op.End, true}
		return
	}
	w := p.reads.At(op.Operator)
	read := w.end
	if !w.is || read == history.None || p.run.Refresh > 0 {
		return
	}
	w.is = false
	gap := op.Start - read
	if p.fixed {
		late := max(gap-p.think, 0)
		p.late.add(late)
		if p.run.Stalls.ForGenerator(op.Generator).SumAffected(read, op.Start) == 0 {
			p.calm = max(p.calm, late)
		}
	} else {
		p.gaps.add(float64(gap))
	}
}

func meanDelay(d workload.Delay) time.Duration {
	if d == nil {
		return 0
	}
	return d.Mean()
}

// judgeModel says whose latencies these are.
func (m *Measure) judgeModel() (Line, bool) {
	if m.run.Rate > 0 {
		return Line{Name: "load model", State: OK, Why: reason.New("load_open")}, true
	}
	return Line{Name: "load model", State: OK, Why: reason.New("load_closed", "operators", m.run.Operators)}, true
}

// judgeTimers says how late timers fired.
func (m *Measure) judgeTimers() (Line, bool) {
	l := Line{Name: "timers", State: OK}
	limit := time.Duration(mostLate * float64(m.run.P95Limit))
	late := time.Duration(0)
	switch p := &m.pace; {
	case p.late.n > 0:
		late = time.Duration(p.late.quantile(0.95))
		l.Why = reason.New(
			"timers",
			"open",
			m.run.Rate > 0,
			"median",
			toMilliseconds(p.late.quantile(0.5)),
			"p95",
			toMilliseconds(int64(late)),
			"worst",
			toMilliseconds(p.late.worst),
		)
		l.LateMS = float64(p.calm) / 1e6
	case p.gaps.n > 1:
		excess := p.gaps.mean - float64(meanDelay(m.run.Think))
		// Think times are random, so their mean is only known within some error.
		late = time.Duration(max(excess-3*p.gaps.standardError(), 0))
		l.Why = reason.New(
			"timers_random",
			"open",
			m.run.Rate > 0,
			"mean",
			p.gaps.mean/1e6,
			"declared",
			float64(meanDelay(m.run.Think))/1e6,
			"error",
			p.gaps.standardError()/1e6,
		)
	default:
		return l, false
	}
	if limit > 0 && late > limit {
		l.State, l.Busy = Warning, true
		if l.LateMS == 0 && m.run.Stalls == nil { // how late it was at most is not known
			l.Doubts = []string{name.P95}
		}
		l.Why = l.Why.With("slow", true)
	}
	return l, true
}

// busyShare returns the share of its processor time that a generator used; 0: unknown.
func (g *Generator) busyShare() float64 {
	if g.CPU <= 0 || g.Cores <= 0 || g.Wall <= 0 {
		return 0
	}
	return g.CPU.Seconds() / (g.Wall.Seconds() * g.Cores)
}

// judgeProcessor says how busy the generator's processors were: those of the busiest.
func (m *Measure) judgeProcessor() (Line, bool) {
	r := m.run
	g := Generator{CPU: r.CPU, Throttled: r.Throttled, Cores: r.Cores, Wall: r.Wall}
	if len(r.Generators) > 0 {
		g = slices.MaxFunc(r.Generators, func(a, b Generator) int { return cmp.Compare(a.busyShare(), b.busyShare()) })
	}
	share := g.busyShare()
	if share == 0 {
		return Line{}, false
	}
	l := Line{Name: "generator", State: OK, Why: reason.New("generator_busy", "open", r.Rate > 0, "generator", g.Name,
		"share", share, "cores", g.Cores, "throttled", g.Throttled.Seconds(), "saturated", share > mostBusy)}
	if share > mostBusy {
		l.State, l.Doubts = Warning, []string{name.P95}
	}
	return l, true
}

// noticeable is the share of the run's time from which stalls are a warning.
const noticeable = 0.01

// judgeStalls says when the generator itself did not run.
func (m *Measure) judgeStalls() (Line, bool) {
	if m.run.Stalls == nil {
		return Line{}, false
	}
	l := Line{Name: "stalls", State: OK, LateMS: float64(m.run.Stalls.MaxLateness()) / 1e6}
	list, name := findWorstStalled(m.run.Stalls, m.ends.last)
	n, total := list.CountBefore(m.ends.last)
	l.Why = reason.New("stalls", "generator", name, "n", n, "seconds", total.Seconds(), "late", toMilliseconds(int64(list.MaxLateness())),
		"threshold", toMilliseconds(int64(stall.Threshold)))
	l.Busy = n > 0
	if total.Seconds() > noticeable*toSeconds(m.ends.last-m.ends.first) {
		l.State = Warning
	}
	return l, true
}

// findWorstStalled returns the stalls of the generator that was held up for longest, or
// else came latest, and its name where there are several.
func findWorstStalled(list *stall.List, before int64) (worst *stall.List, name string) {
	worst = list
	for _, g := range list.Generators() {
		of := list.ForGenerator(g)
		_, total := of.CountBefore(before)
		_, most := worst.CountBefore(before)
		if name == "" || cmp.Or(cmp.Compare(total, most), cmp.Compare(of.MaxLateness(), worst.MaxLateness())) > 0 {
			worst, name = of, g
		}
	}
	return worst, name
}

// judgeDropped says which turns of an open model never began.
func (m *Measure) judgeDropped() (Line, bool) {
	r := m.run
	if r.Planned <= 0 {
		return Line{}, false
	}
	share := float64(r.Dropped) / float64(r.Planned)
	l := Line{
		Name:  "dropped turns",
		State: OK,
		Why:   reason.New("turns_dropped", "dropped", r.Dropped, "planned", r.Planned, "share", share, "void", share > mostDropped),
	}
	if share > mostDropped {
		l.State, l.Voids = Void, []string{name.P95}
	}
	return l, true
}
