package compare

import (
	"slices"

	"github.com/occbench/occbench/internal/gate"
)

// counted are the gates without a rate to test: what CloudWatch counted, whether
// an alarm fired, whether a screen was wrong. They are kept or broken.
var counted = []string{gate.Telemetry, gate.Alarms, gate.UX}

// judgedLines compare the answers of those gates that one of the runs was asked.
func judgedLines(base, run *Side) []*Line {
	var lines []*Line
	for _, name := range counted {
		if b, r := base.gate(name), run.gate(name); b != nil || r != nil {
			lines = append(lines, judgedLine(name, b, r))
		}
	}
	return lines
}

func judgedLine(name string, b, r *gate.Gate) *Line {
	l := &Line{Group: Gates, Name: name, Unit: Cases, Test: "both verdicts"}
	if name == gate.UX {
		l.Unit = Ratio
	}
	for _, side := range []struct {
		who string
		g   *gate.Gate
		v   *Value
	}{{"the base", b, &l.Base}, {"the run", r, &l.Run}} {
		switch {
		case side.g == nil:
			return l.none(side.who + " was not asked")
		case side.g.Verdict == gate.Inconclusive:
			return l.none("open in " + side.who + ": " + side.g.Reason)
		}
		*side.v = Value{Estimate: side.g.Estimate, N: side.g.N}
	}
	switch {
	case b.Verdict == r.Verdict:
		l.Verdict = NoChange
	case r.Verdict == gate.Fail:
		l.Verdict, l.Reason = Worse, "the run breaks what the base kept: "+r.Reason
	default:
		l.Verdict, l.Reason = Better, "the run keeps what the base broke: "+b.Reason
	}
	return l
}

// gate returns a gate of the run's verdict; nil: it was not asked.
func (s *Side) gate(name string) *gate.Gate {
	i := slices.IndexFunc(s.gates, func(g gate.Gate) bool { return g.Name == name })
	if i < 0 {
		return nil
	}
	return &s.gates[i]
}
