package occ

import (
	"time"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
)

// batch collects the samples of one operator between two trips to k6. A trip
// costs a channel and a wake-up, so there is one per batch and not five per
// turn; counts are added up first, since k6 adds them up anyway.
type batch struct {
	metrics *occMetrics
	clock   *clock
	timeout time.Duration // what a duration without an end counts as
	every   int           // of the durations every n-th is shown to k6
	warm    bool          // the last operation was in the warm-up

	reads, attempts int // so far; of the reads those that were answered

	samples metrics.Samples
	counts  [history.Malformed + 1]int64
	tags    tags
}

// maxDurations bounds how many durations of a kind k6 gets from a whole run: it
// keeps each of them in memory and sorts them all every two seconds while there
// is a threshold. History has them all.
const maxDurations = 100_000

// chooseThinning returns n where k6 gets every n-th duration. It is fixed before the run, from the
// most turns that the operators could play at a turn per millisecond: a share that followed the
// load would show slow moments more often than fast ones.
func chooseThinning(p *run.Spec) int {
	turn := max(p.Think.Mean()+p.Pause.Mean(), time.Millisecond)
	turns := float64(p.Operators) * float64(p.Duration) / float64(turn)
	if p.Rate > 0 {
		turns = max(p.Rate, p.RampTo) * p.Duration.Seconds()
	}
	return 1 + int(turns/maxDurations)
}

// take adds the samples of an operation.
func (b *batch) take(op *history.Op) {
	if b.warm = op.Flags&history.Warmup != 0; b.warm {
		return
	}
	switch op.Kind {
	case history.Read:
		if op.Answered() && !op.ListFault() {
			if b.reads++; b.reads%b.every == 0 {
				b.add(b.metrics.readDuration, b.tags.base, op, b.milliseconds(op))
			}
		}
	case history.Update:
		if op.Flags&history.Double == 0 { // else its conflict is the client's own
			b.takeAttempt(op)
		}
	}
}

func (b *batch) takeAttempt(op *history.Op) {
	b.counts[op.Outcome]++
	decided := op.Outcome == history.Applied || op.Outcome == history.Conflict
	if decided {
		b.add(b.metrics.conflictRate, b.tags.base, op, toFloat(op.Outcome == history.Conflict))
	}
	b.add(b.metrics.errorRate, b.tags.base, op, toFloat(!decided))
	if b.attempts++; b.attempts%b.every == 0 {
		b.add(b.metrics.attemptDuration, b.tags.byOutcome(op.Outcome), op, b.milliseconds(op))
	}
}

// addRecovered adds what became of a turn that lost.
func (b *batch) addRecovered(ok bool) {
	if b.warm {
		return
	}
	b.sample(b.metrics.recovered, b.tags.base, b.clock.now(), toFloat(ok))
}

func (b *batch) milliseconds(op *history.Op) float64 {
	took := b.timeout
	if op.Answered() {
		took = time.Duration(op.End - op.Start)
	}
	return float64(took) / float64(time.Millisecond)
}

func (b *batch) add(m *metrics.Metric, tags *metrics.TagSet, op *history.Op, value float64) {
	at := op.End
	if !op.Answered() {
		at = op.Start + int64(b.timeout)
	}
	b.sample(m, tags, at, value)
}

func (b *batch) sample(m *metrics.Metric, tags *metrics.TagSet, at int64, value float64) {
	b.samples = append(b.samples, metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: m, Tags: tags},
		Time:       b.clock.wallTime(at),
		Metadata:   b.tags.metadata,
		Value:      value,
	})
}

// push hands the batch to k6. The context of the VU is not asked, as k6 does
// not ask it for samples of its own: a VU that is told to stop still reports
// the turn that it finished, or k6 would count fewer attempts than the server.
func (b *batch) push(state *lib.State) {
	now := b.clock.now()
	for outcome, n := range b.counts {
		if n > 0 {
			b.sample(b.metrics.attempts, b.tags.byOutcome(history.Outcome(outcome)), now, float64(n))
		}
	}
	clear(b.counts[:])
	if len(b.samples) == 0 {
		return
	}
	state.Samples <- b.samples
	b.samples = make(metrics.Samples, 0, len(b.samples)+len(b.samples)/8+8)
}

func toFloat(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// tags are the tags of the VU and, made when first needed, those with an
// outcome.
type tags struct {
	base     *metrics.TagSet
	metadata map[string]string
	outcomes [history.Malformed + 1]*metrics.TagSet
}

// follow takes over what the script may have changed since the last batch. Tag
// sets are equal exactly when their pointers are.
func (t *tags) follow(state *lib.State) {
	now := state.Tags.GetCurrentValues()
	t.metadata = now.Metadata
	if t.base != now.Tags {
		t.base = now.Tags
		clear(t.outcomes[:])
	}
}

func (t *tags) byOutcome(o history.Outcome) *metrics.TagSet {
	if t.outcomes[o] == nil {
		t.outcomes[o] = t.base.With("outcome", o.String())
	}
	return t.outcomes[o]
}
