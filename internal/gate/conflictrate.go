package gate

import (
	"github.com/occbench/occbench/internal/gate/name"
	"github.com/occbench/occbench/internal/measure"
)

// ConflictRate asks that few of the updates that were decided lost the race.
const ConflictRate = name.ConflictRate

func init() {
	Register(Rule{
		Name: ConflictRate, Short: "conflicts", Title: "Conflict rate",
		Question: "updates that lost their race, as a ratio of those that were decided",
		Unit:     Ratio, Kind: Bounded, Preset: 0.10, Place: 30, Gravity: 40, Trend: true,
		Judge: func(p Policy, e Evidence) Gate {
			return judgeRate(p, e, p.Limit(ConflictRate), "conflict", func(n *measure.Numbers) measure.Rate { return n.ConflictRate })
		},
	})
}
