package measure

import (
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/stats"
)

// classes is one more than the largest outcome.
const classes = int(history.Absent) + 1

// tally counts attempts by outcome and keeps their latencies.
type tally struct {
	count    [classes]int
	service  [classes]stats.Sample // from sending to the complete answer, ns
	late     [classes]stats.Sample // the same, of attempts during which the generator was stalled
	spared   stats.Sample          // of those attempts, without the time that the stalls took
	response stats.Sample          // from the scheduled start to the complete answer, ns
	slow     int

	errors, conflicts, slowness question
}

// question is asked of each attempt. Where a stall of the generator may be behind
// the answer, the attempt counts as a hit and is excused.
type question struct {
	excused int
	blocks  stats.Blocks // the hits that are not excused
}

func (q *question) add(op *history.Op, hit, excused bool) {
	if hit && excused {
		q.excused++
	}
	q.blocks.Add(op.Start, hit && !excused)
}

func (t *tally) add(op *history.Op, opt *Options) {
	service := latencySince(op.Start, op)
	spared := service
	t.count[op.Outcome]++
	if affected := opt.Stalls.ForGenerator(op.Generator).SumAffected(op.Start, op.End); op.Answered() && affected > 0 {
		spared = max(service-affected, 0)
		t.late[op.Outcome].Add(service)
		t.spared.Add(spared)
	} else {
		t.service[op.Outcome].Add(service)
	}
	if service >= int64(opt.Limit) {
		t.slow++
	}
	t.slowness.add(op, service >= int64(opt.Limit), spared < int64(opt.Limit))
	decided := op.Outcome == history.Applied || op.Outcome == history.Conflict
	t.errors.add(op, !decided, false)
	if decided {
		t.conflicts.add(op, op.Outcome == history.Conflict, op.Flags&history.Stalled != 0)
	}
	if op.Scheduled != history.None {
		t.response.Add(latencySince(op.Scheduled, op))
	}
}

// excuse takes back an attempt without an answer that a stall of the generator may
// have kept from having one.
func (t *tally) excuse(sent int64, stalled bool) {
	if !stalled {
		return
	}
	t.spared.Add(0)
	for _, q := range []*question{&t.errors, &t.slowness} {
		q.excused++
		q.blocks.RemoveHit(sent)
	}
}

// latencySince returns the time from a moment to the answer; stats.Never without one.
func latencySince(start int64, op *history.Op) int64 {
	if !op.Answered() {
		return stats.Never
	}
	return op.End - start
}

// tallies are several tallies counted as one.
type tallies []*tally

func (ts tallies) outcomes() map[history.Outcome]int {
	counts := map[history.Outcome]int{}
	for _, o := range history.UpdateOutcomes() {
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

func (ts tallies) countAttempts() int {
	n := 0
	for _, t := range ts {
		for _, c := range t.count {
			n += c
		}
	}
	return n
}

func (ts tallies) countSlow() int {
	n := 0
	for _, t := range ts {
		n += t.slow
	}
	return n
}

// serviceLatencies returns the latencies of the given outcomes.
func (ts tallies) serviceLatencies(outcomes ...history.Outcome) []*stats.Sample {
	var samples []*stats.Sample
	for _, t := range ts {
		for _, o := range outcomes {
			samples = append(samples, &t.service[o], &t.late[o])
		}
	}
	return samples
}

// sparedLatencies returns the latencies of all attempts without the time that stalls of the
// generator took. One that never came and is excused took no time.
func (ts tallies) sparedLatencies() []*stats.Sample {
	var samples []*stats.Sample
	for _, t := range ts {
		samples = append(samples, &t.spared)
		for o := range t.service {
			samples = append(samples, &t.service[o])
		}
	}
	return samples
}

// countExcused adds up the excused hits of a question.
func (ts tallies) countExcused(of func(*tally) *question) int {
	n := 0
	for _, t := range ts {
		n += of(t).excused
	}
	return n
}

func (ts tallies) responseLatencies() []*stats.Sample {
	var samples []*stats.Sample
	for _, t := range ts {
		samples = append(samples, &t.response)
	}
	return samples
}

// addCounts returns the sums of two counts by outcome.
func addCounts(a, b map[history.Outcome]int) map[history.Outcome]int {
	total := map[history.Outcome]int{}
	for _, from := range []map[history.Outcome]int{a, b} {
		for o, n := range from {
			total[o] += n
		}
	}
	return total
}
