package measure

import (
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/stats"
)

// reads counts the list reads of the measured window.
type reads struct {
	count   [classes]int
	n       int
	service stats.Sample
}

func (r *reads) add(op *history.Op) {
	r.n++
	r.count[op.Outcome]++
	r.service.Add(latencySince(op.Start, op))
}

func (r *reads) numbers() Reads {
	outcomes := map[history.Outcome]int{}
	for _, o := range history.Outcomes() {
		if n := r.count[o]; n > 0 {
			outcomes[o] = n
		}
	}
	return Reads{Count: r.n, Failed: r.n - r.count[history.Seen], Outcomes: outcomes, Latency: summarizeLatency(&r.service)}
}
