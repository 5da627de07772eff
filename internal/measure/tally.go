package measure

import (
	"time"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/stats"
)

// classes is one more than the largest outcome.
const classes = int(history.Absent) + 1

// tally counts attempts by outcome and keeps their latencies.
type tally struct {
	count    [classes]int
	service  [classes]stats.Sample // from sending to the complete answer, ns
	response stats.Sample          // from the scheduled start to the complete answer, ns
	slow     int
}

func (t *tally) add(op *history.Op, limit time.Duration) {
	service := since(op.Start, op)
	t.count[op.Outcome]++
	t.service[op.Outcome].Add(service)
	if service >= int64(limit) {
		t.slow++
	}
	if op.Scheduled != history.None {
		t.response.Add(since(op.Scheduled, op))
	}
}

// since returns the time from a moment to the answer; stats.Never without one.
func since(start int64, op *history.Op) int64 {
	if !op.Answered() {
		return stats.Never
	}
	return op.End - start
}

// tallies are several tallies counted as one.
type tallies []*tally

func (ts tallies) outcomes() map[history.Outcome]int {
	counts := map[history.Outcome]int{}
	for _, o := range history.MoveOutcomes() {
		counts[o] = ts.count(o)
	}
	return counts
}

func (ts tallies) count(o history.Outcome) int {
	n := 0
	for _, t := range ts {
		n += t.count[o]
	}
	return n
}

func (ts tallies) attempts() int {
	n := 0
	for _, t := range ts {
		for _, c := range t.count {
			n += c
		}
	}
	return n
}

func (ts tallies) slow() int {
	n := 0
	for _, t := range ts {
		n += t.slow
	}
	return n
}

// service returns the latencies of the given outcomes.
func (ts tallies) service(outcomes ...history.Outcome) []*stats.Sample {
	var samples []*stats.Sample
	for _, t := range ts {
		for _, o := range outcomes {
			samples = append(samples, &t.service[o])
		}
	}
	return samples
}

func (ts tallies) response() []*stats.Sample {
	var samples []*stats.Sample
	for _, t := range ts {
		samples = append(samples, &t.response)
	}
	return samples
}
