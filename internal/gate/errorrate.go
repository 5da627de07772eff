package gate

import "github.com/occbench/occbench/internal/measure"

// judgeErrorRate asks that few attempts end as neither moved nor conflict.
func judgeErrorRate(p Policy, e Evidence) Gate {
	return limited(p, e, p.ErrorRate, "fail", func(n *measure.Numbers) measure.Rate { return n.ErrorRate })
}
