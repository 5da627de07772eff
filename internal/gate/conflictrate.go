package gate

import "github.com/occbench/occbench/internal/measure"

// judgeConflictRate asks that few of the moves that were decided lost the race.
func judgeConflictRate(p Policy, e Evidence) Gate {
	return limited(p, e, p.ConflictRate, "conflict", func(n *measure.Numbers) measure.Rate { return n.ConflictRate })
}
