package measure

import "github.com/occbench/occbench/internal/history"

// Numbers returns what the operations added so far say. It changes nothing, so
// it may be asked for while the run goes on; turns that are under way count as
// if the run ended now.
func (m *Measure) Numbers() Numbers {
	open, stopped := m.countOpen()
	ts := tallies{&m.updates, &open.updates}
	n := Numbers{
		FirstS: toSeconds(m.all.first), LastS: toSeconds(m.all.last), WindowS: toSeconds(m.measured.last - m.measured.first),
		Attempts: ts.countAttempts(), Outcomes: ts.outcomes(),
		ByOutcome: map[history.Outcome]Latency{},
		Reads:     m.reads.numbers(),
		Warmup:    addCounts(m.warmup, open.warmup), WarmupReads: m.warmReads, Doubles: addCounts(m.doubles, open.doubles),
		Stalls:   toStalls(m.opt.Stalls, m.all.last),
		Recovery: m.recovery.numbers(stopped), Audits: m.audits.numbers(), Outage: m.tail.numbers(),
		OperatorsSeen: m.operators.Len(), RecordsSeen: m.records.countSeen(), Hottest: m.records.hottest(),
		Apart: m.apart.clone(), Races: m.races.numbers(),
		Generators: m.parts.numbers(&open.parts, m.opt, m.all.last),
	}
	if n.WindowS > 0 {
		n.AttemptsPerS = float64(n.Attempts) / n.WindowS
	}
	n.computeRates(ts)
	n.computeLatencies(ts, m.opt)
	return n
}

// countOpen counts apart what the next operation may still change: clicks that
// wait for their twin, and turns that wait for their end.
func (m *Measure) countOpen() (*Measure, *recovery) {
	opt := m.opt
	opt.Samples = false // these are of attempts whose role is settled
	open, stopped := New(opt), &recovery{}
	for _, o := range m.operators.All() {
		if o.clicks.hold {
			open.commit(&o.clicks.held)
		}
		if o.hoping && o.stalls.SumAffected(o.lost, m.all.last) > 0 {
			open.updates.excuse(o.lost, true)
		}
		stopped.addOpen(&o.turn, m.measured.last, &m.opt, o.stalls)
	}
	return open, stopped
}

// computeRates computes rates. Of what is not settled only the excuses count in design
// effects: it is a handful of updates at the end.
func (n *Numbers) computeRates(ts tallies) {
	updated, conflicts := n.Outcomes[history.Applied], n.Outcomes[history.Conflict]
	settled := ts[0]
	n.ErrorRate = newRate(n.Attempts-updated-conflicts, n.Attempts)
	n.ErrorRate.Excused = ts.countExcused(func(t *tally) *question { return &t.errors })
	n.ErrorRate.Effect, n.ErrorRate.Moments = settled.errors.blocks.Effect(), settled.errors.blocks.Moments(momentAtLeast)
	n.ConflictRate = newRate(conflicts, updated+conflicts)
	n.ConflictRate.Excused = ts.countExcused(func(t *tally) *question { return &t.conflicts })
	n.ConflictRate.Effect, n.ConflictRate.Moments = settled.conflicts.blocks.Effect(), settled.conflicts.blocks.Moments(momentAtLeast)
}

func (n *Numbers) computeLatencies(ts tallies, opt Options) {
	all := ts.serviceLatencies(history.UpdateOutcomes()...)
	n.Latency = P95Latency{Latency: summarizeLatency(all...), Confidence: opt.Confidence,
		LimitMS: toMilliseconds(int64(opt.Limit)), Anytime: opt.Anytime, Slow: ts.countSlow()}
	n.Latency.Excused = ts.countExcused(func(t *tally) *question { return &t.slowness })
	slow := &ts[0].slowness.blocks
	n.Latency.Effect, n.Latency.Moments = slow.Effect(), slow.Moments(0)
	if opt.Anytime {
		n.Latency.Moments = slow.Moments(momentAtLeast)
	}
	n.Latency.P95MeasuredMS, n.Latency.P95UpperMS = boundP95(all, n.Latency.Share(), opt.Confidence)
	n.Latency.P95LowerMS, _ = boundP95(ts.sparedLatencies(), n.Latency.Share(), opt.Confidence)
	for _, o := range history.UpdateOutcomes() {
		if n.Outcomes[o] > 0 {
			n.ByOutcome[o] = summarizeLatency(ts.serviceLatencies(o)...)
		}
	}
	if response := summarizeLatency(ts.responseLatencies()...); response.Count > 0 {
		n.Response = &response
	}
}

// Samples returns the samples of a history that is over; nil where Options asked
// for none.
func (m *Measure) Samples() *Samples {
	for _, o := range m.operators.All() {
		o.clicks.flush(m.commit)
	}
	return m.samples
}
