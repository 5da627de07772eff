package predict

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// TracePrediction is the conflict rate that a correct server must have shown
// in a run with these attempts.
type TracePrediction struct {
	Expected            // over all records
	Records  []Expected // by record
	Hottest  int        // the record with the most attempts
	Refused  []float64  // by attempt: how likely a correct server refuses it, by the middles of the calls
}

// Expected is a conflict rate, 0–1, with its bounds.
type Expected struct {
	Attempts           int // that are counted
	Rate, Lower, Upper float64
}

// Predict predicts from a run's own timing. Attempts are those that the
// server decided, applied or refused as stale, and the uncertain ones; of a
// double update only the first click.
//
// Every record's attempts are played through once more, in the order of their
// decisions: an attempt is refused when another one of the record succeeded
// after its version was read. That needs no assumption about arrivals, which
// the formula does, so retries and regular arrivals cannot mislead it. What a
// client cannot know is the moment inside a call at which the server read or
// decided. The rate takes the middles; the bounds take nine tenths and one
// tenth of each call both ways round, the narrowest and the widest windows
// that are plausible, with the uncertain attempts applied and not applied.
//
// A replay that predicts again uses its memory again.
func (r *Replay) Predict(attempts []Attempt, records int) (TracePrediction, error) {
	if err := checkTrace(attempts, records); err != nil {
		return TracePrediction{}, err
	}
	const early, middle, late = 0.1, 0.5, 0.9
	p := TracePrediction{Records: make([]Expected, records), Refused: make([]float64, len(attempts))}
	r.reset(attempts, records)
	r.play(middle, middle, true)
	p.begin(r, r.rates())
	p.addFates(r, 1)
	fates := []bool{true}
	if slices.ContainsFunc(attempts, func(a Attempt) bool { return a.Uncertain }) {
		fates = []bool{true, false}
		applied := r.rates()
		r.play(middle, middle, false)
		p.begin(r, applied)
		p.addFates(r, 0.5)
	}
	for _, applied := range fates {
		r.play(late, early, applied)
		p.widen(r)
		r.play(early, late, applied)
		p.widen(r)
	}
	return p, nil
}

func checkTrace(attempts []Attempt, records int) error {
	for i, a := range attempts {
		if a.Record < 0 || a.Record >= records {
			return fmt.Errorf("predicting from a trace: attempt %d is on record %d of %d", i, a.Record, records)
		}
		// Written so that NaN is refused too.
		if !(a.ReadStart <= a.ReadEnd && a.ReadEnd <= a.UpdateStart && a.UpdateStart <= a.UpdateEnd) ||
			math.IsInf(a.UpdateEnd-a.ReadStart, 0) {
			return fmt.Errorf("predicting from a trace: the times of attempt %d are not in order: read %v–%v, update %v–%v", i,
				a.ReadStart,
				a.ReadEnd, a.UpdateStart, a.UpdateEnd)
		}
	}
	return nil
}

// Replay decides the attempts of a trace as a correct server does. The zero Replay is
// ready.
type Replay struct {
	attempts   []Attempt
	order      []decision
	lastUpdate []float64 // by record
	counted    []int     // by record
	conflicts  []int     // by record
	stale      []bool    // by attempt
}

type decision struct {
	readAt, at float64
	attempt    int
}

func (r *Replay) reset(attempts []Attempt, records int) {
	r.attempts = attempts
	r.order = slices.Grow(r.order[:0], len(attempts))[:len(attempts)]
	r.lastUpdate = slices.Grow(r.lastUpdate[:0], records)[:records]
	r.counted = slices.Grow(r.counted[:0], records)[:records]
	r.conflicts = slices.Grow(r.conflicts[:0], records)[:records]
	r.stale = slices.Grow(r.stale[:0], len(attempts))[:len(attempts)]
	for i := range r.order {
		r.order[i].attempt = i
	}
}

// play decides all attempts, with the server reading and deciding at these
// shares of the calls, and the uncertain attempts applied or not.
func (r *Replay) play(read, decide float64, applied bool) {
	for i := range r.order {
		d := &r.order[i]
		a := &r.attempts[d.attempt]
		d.readAt = a.ReadStart + read*(a.ReadEnd-a.ReadStart)
		d.at = a.UpdateStart + decide*(a.UpdateEnd-a.UpdateStart)
	}
	sortDecisions(r.order)
	for record := range r.lastUpdate {
		r.lastUpdate[record], r.counted[record], r.conflicts[record] = math.Inf(-1), 0, 0
	}
	for _, d := range r.order {
		r.decide(d, applied)
	}
}

// sortDecisions sorts by time and then as the attempts came. A history has its
// attempts in the order of their answers, so each stands but as far from its place
// as there are operators, and insertion is quick; where it is not, all are sorted.
func sortDecisions(order []decision) {
	for i, left := 1, 8*len(order); i < len(order); i++ {
		d, at := order[i], i
		for ; at > 0 && d.isBefore(&order[at-1]); at-- {
			order[at] = order[at-1]
		}
		order[at] = d
		if left -= i - at; left < 0 {
			slices.SortFunc(order, func(a, b decision) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.attempt, b.attempt)) })
			return
		}
	}
}

func (d *decision) isBefore(other *decision) bool {
	return d.at < other.at || d.at == other.at && d.attempt < other.attempt
}

func (r *Replay) decide(d decision, applied bool) {
	a := &r.attempts[d.attempt]
	stale := r.lastUpdate[a.Record] > d.readAt
	r.stale[d.attempt] = stale
	if !a.Uncertain && !a.Uncounted {
		r.counted[a.Record]++
		if stale {
			r.conflicts[a.Record]++
		}
	}
	if !stale && (applied || !a.Uncertain) {
		r.lastUpdate[a.Record] = d.at
	}
}

// rates returns the conflict rates by record, and over all records as the last.
func (r *Replay) rates() []float64 {
	rates := make([]float64, 0, len(r.counted)+1)
	var conflicts, counted int
	for record := range r.counted {
		rates = append(rates, divideOrZero(r.conflicts[record], r.counted[record]))
		conflicts += r.conflicts[record]
		counted += r.counted[record]
	}
	return append(rates, divideOrZero(conflicts, counted))
}

// begin sets the rates to the middle of the last replay and another one.
func (p *TracePrediction) begin(r *Replay, other []float64) {
	rates := r.rates()
	p.Attempts, p.Hottest = 0, 0
	for record, n := range r.counted {
		p.Records[record].Attempts = n
		p.Attempts += n
		if n > r.counted[p.Hottest] {
			p.Hottest = record
		}
	}
	for i, e := range p.listExpected() {
		e.Rate = (rates[i] + other[i]) / 2
		e.Lower, e.Upper = min(rates[i], other[i]), max(rates[i], other[i])
	}
}

// addFates moves the refusal probability of each attempt by share towards the last replay.
func (p *TracePrediction) addFates(r *Replay, share float64) {
	for i, stale := range r.stale {
		p.Refused[i] *= 1 - share
		if stale {
			p.Refused[i] += share
		}
	}
}

// widen updates the bounds so that they include the last replay.
func (p *TracePrediction) widen(r *Replay) {
	rates := r.rates()
	for i, e := range p.listExpected() {
		e.Lower, e.Upper = min(e.Lower, rates[i]), max(e.Upper, rates[i])
	}
}

// listExpected lists the expectations in the order of Replay.rates.
func (p *TracePrediction) listExpected() []*Expected {
	all := make([]*Expected, 0, len(p.Records)+1)
	for record := range p.Records {
		all = append(all, &p.Records[record])
	}
	return append(all, &p.Expected)
}
