package gate

import (
	"github.com/occbench/occbench/internal/gate/name"
	"github.com/occbench/occbench/internal/measure"
)

// ErrorRate asks that few attempts end as neither applied nor conflict.
const ErrorRate = name.ErrorRate

func init() {
	Register(Rule{
		Name: ErrorRate, Short: "errors", Title: "Error rate",
		Question: "attempts that were neither applied nor refused as stale, as a ratio",
		Unit:     Ratio, Kind: Bounded, Preset: 0.01, Place: 10, Gravity: 70, Trend: true,
		Judge: func(p Policy, e Evidence) Gate {
			return judgeRate(p, e, p.Limit(ErrorRate), "fail", func(n *measure.Numbers) measure.Rate { return n.ErrorRate })
		},
	})
}
