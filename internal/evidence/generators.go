package evidence

import (
	"slices"
	"time"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/clocks"
	"github.com/occbench/occbench/internal/generator"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/validity"
)

// Generators describes the generators of a run that several made.
type Generators struct {
	List   []generator.Manifest // in the order of their segments; empty: the run has one
	Clocks *clocks.Bounds       // of their clocks against each other; nil: there is one clock
}

// ReadGenerators reads the files about generators. Where there are none, the run has
// one.
func ReadGenerators(dir run.Dir) (g Generators, err error) {
	list, err := readOptional[[]generator.Manifest](dir, run.GeneratorsFile)
	if err != nil || list == nil {
		return g, err
	}
	g.List = *list
	g.Clocks, err = readOptional[clocks.Bounds](dir, run.ClocksFile)
	return g, err
}

// isWhole reports whether the history holds everything that the generators did.
func (g *Generators) isWhole() bool {
	return !slices.ContainsFunc(g.List, func(m generator.Manifest) bool { return !m.IsCounted() })
}

// Check returns options for the checker of the run. What a generator did that is not
// there is to the others what others do.
func (g *Generators) Check(o check.Options) check.Options {
	o.Shared, o.Clocks = o.Shared || !g.isWhole(), g.Clocks
	return o
}

// validity returns what each generator took of its machine.
func (g *Generators) validity() []validity.Generator {
	var all []validity.Generator
	for _, m := range g.List {
		one := validity.Generator{Name: m.Name, CPU: time.Duration(m.CPU), Throttled: time.Duration(m.Throttled), Cores: m.Cores}
		if !m.End.IsZero() {
			one.Wall = m.End.Sub(m.Start) - time.Duration(m.ClockStep)
		}
		all = append(all, one)
	}
	return all
}

// mostAway is the share of the load's length for which a generator may be away while
// the others play, and leastAway what is never too long.
const (
	mostAway  = 0.1
	leastAway = time.Second
)

// caveats returns why a run with these generators cannot PASS.
func (g *Generators) caveats(m *run.Manifest, n *measure.Numbers) []reason.Reason {
	var all []reason.Reason
	for i := range g.List {
		all = append(all, tellAbsence(&g.List[i], m, n))
	}
	if g.Clocks != nil {
		for _, void := range g.Clocks.Void {
			all = append(all, reason.New("clock_void", "generators", void.Generators, "several", len(void.Generators) > 1,
				"from", float64(void.From)/1e9, "to", float64(void.To)/1e9))
		}
		if len(g.Clocks.Windows) > 0 && g.Clocks.Sum().Largest == clocks.Unknown {
			all = append(all, reason.New("clocks_unknown"))
		}
	}
	return slices.DeleteFunc(all, reason.Reason.IsZero)
}

// tellAbsence returns for which part of the run a generator did not run; none where it ran all the
// time.
func tellAbsence(g *generator.Manifest, m *run.Manifest, n *measure.Numbers) reason.Reason {
	switch {
	case g.Lost:
		return reason.New("generator_missing", "segment", g.Segment)
	case g.State == run.Running:
		return reason.New("generator_killed", "generator", g.Name)
	case n == nil || m == nil:
		return reason.Reason{}
	}
	first, last := 0.0, 0.0
	mine := measure.Part{Generator: g.Name}
	for i, p := range n.Generators {
		if p.Generator == g.Name {
			mine = p
		}
		if i == 0 || p.FirstS < first {
			first = p.FirstS
		}
		last = max(last, p.LastS)
	}
	most := max(mostAway*m.Spec.Duration.Seconds(), leastAway.Seconds())
	switch {
	case mine.Operations == 0:
		return reason.New("generator_idle", "generator", g.Name)
	case mine.Stalls != nil && mine.Stalls.TotalS > most:
		return reason.New("generator_held", "generator", g.Name, "seconds", mine.Stalls.TotalS, "of", last-first)
	case mine.FirstS-first > most:
		return reason.New("generator_began", "generator", g.Name, "seconds", mine.FirstS-first, "of", last-first)
	case last-mine.LastS > most:
		return reason.New("generator_ended", "generator", g.Name, "seconds", last-mine.LastS, "of", last-first)
	}
	return reason.Reason{}
}
