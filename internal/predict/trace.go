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
	Expected            // over all cards
	Cards    []Expected // by card
	Hottest  int        // the card with the most attempts
}

// Expected is a conflict rate, 0–1, with its bounds.
type Expected struct {
	Attempts           int // that are counted
	Rate, Lower, Upper float64
}

// FromTrace predicts from a run's own timing. Attempts are those that the
// server decided, moved or refused as stale, and the uncertain ones; of a
// double move only the first click.
//
// Every card's attempts are played through once more, in the order of their
// decisions: an attempt is refused when another one of the card succeeded
// after its version was read. That needs no assumption about arrivals, which
// the formula does, so retries and regular arrivals cannot mislead it. What a
// client cannot know is the moment inside a call at which the server read or
// decided. The rate takes the middles; the bounds take nine tenths and one
// tenth of each call both ways round, the narrowest and the widest windows
// that are plausible, with the uncertain attempts applied and not applied.
func FromTrace(attempts []Attempt, cards int) (TracePrediction, error) {
	if err := checkTrace(attempts, cards); err != nil {
		return TracePrediction{}, err
	}
	const early, middle, late = 0.1, 0.5, 0.9
	p := TracePrediction{Cards: make([]Expected, cards)}
	r := newReplay(attempts, cards)
	r.play(middle, middle, true)
	p.begin(r, r.rates())
	fates := []bool{true}
	if slices.ContainsFunc(attempts, func(a Attempt) bool { return a.Uncertain }) {
		fates = []bool{true, false}
		applied := r.rates()
		r.play(middle, middle, false)
		p.begin(r, applied)
	}
	for _, applied := range fates {
		r.play(late, early, applied)
		p.widen(r)
		r.play(early, late, applied)
		p.widen(r)
	}
	return p, nil
}

func checkTrace(attempts []Attempt, cards int) error {
	for i, a := range attempts {
		if a.Card < 0 || a.Card >= cards {
			return fmt.Errorf("predicting from a trace: attempt %d is on card %d of %d", i, a.Card, cards)
		}
		// Written so that NaN is refused too.
		if !(a.ReadStart <= a.ReadEnd && a.ReadEnd <= a.MoveStart && a.MoveStart <= a.MoveEnd) || math.IsInf(a.MoveEnd-a.ReadStart, 0) {
			return fmt.Errorf("predicting from a trace: the times of attempt %d are not in order: read %v–%v, move %v–%v", i, a.ReadStart,
				a.ReadEnd, a.MoveStart, a.MoveEnd)
		}
	}
	return nil
}

// replay decides the attempts of a trace as a correct server does.
type replay struct {
	attempts  []Attempt
	order     []decision
	lastMove  []float64 // by card
	counted   []int     // by card
	conflicts []int     // by card
}

type decision struct {
	readAt, at float64
	attempt    int
}

func newReplay(attempts []Attempt, cards int) *replay {
	r := &replay{
		attempts:  attempts,
		order:     make([]decision, len(attempts)),
		lastMove:  make([]float64, cards),
		counted:   make([]int, cards),
		conflicts: make([]int, cards),
	}
	for i := range r.order {
		r.order[i].attempt = i
	}
	return r
}

// play decides all attempts, with the server reading and deciding at these
// shares of the calls, and the uncertain attempts applied or not.
func (r *replay) play(read, decide float64, applied bool) {
	for i := range r.order {
		d := &r.order[i]
		a := &r.attempts[d.attempt]
		d.readAt = a.ReadStart + read*(a.ReadEnd-a.ReadStart)
		d.at = a.MoveStart + decide*(a.MoveEnd-a.MoveStart)
	}
	sortDecisions(r.order)
	for card := range r.lastMove {
		r.lastMove[card], r.counted[card], r.conflicts[card] = math.Inf(-1), 0, 0
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
		for ; at > 0 && d.before(&order[at-1]); at-- {
			order[at] = order[at-1]
		}
		order[at] = d
		if left -= i - at; left < 0 {
			slices.SortFunc(order, func(a, b decision) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.attempt, b.attempt)) })
			return
		}
	}
}

func (d *decision) before(other *decision) bool {
	return d.at < other.at || d.at == other.at && d.attempt < other.attempt
}

func (r *replay) decide(d decision, applied bool) {
	a := &r.attempts[d.attempt]
	stale := r.lastMove[a.Card] > d.readAt
	if !a.Uncertain && !a.Uncounted {
		r.counted[a.Card]++
		if stale {
			r.conflicts[a.Card]++
		}
	}
	if !stale && (applied || !a.Uncertain) {
		r.lastMove[a.Card] = d.at
	}
}

// rates returns the conflict rates by card, and over all cards as the last.
func (r *replay) rates() []float64 {
	rates := make([]float64, 0, len(r.counted)+1)
	var conflicts, counted int
	for card := range r.counted {
		rates = append(rates, ratio(r.conflicts[card], r.counted[card]))
		conflicts += r.conflicts[card]
		counted += r.counted[card]
	}
	return append(rates, ratio(conflicts, counted))
}

// begin sets the rates to the middle of the last replay and another one.
func (p *TracePrediction) begin(r *replay, other []float64) {
	rates := r.rates()
	p.Attempts, p.Hottest = 0, 0
	for card, n := range r.counted {
		p.Cards[card].Attempts = n
		p.Attempts += n
		if n > r.counted[p.Hottest] {
			p.Hottest = card
		}
	}
	for i, e := range p.all() {
		e.Rate = (rates[i] + other[i]) / 2
		e.Lower, e.Upper = min(rates[i], other[i]), max(rates[i], other[i])
	}
}

// widen moves the bounds so that they include the last replay.
func (p *TracePrediction) widen(r *replay) {
	rates := r.rates()
	for i, e := range p.all() {
		e.Lower, e.Upper = min(e.Lower, rates[i]), max(e.Upper, rates[i])
	}
}

// all lists the expectations in the order of replay.rates.
func (p *TracePrediction) all() []*Expected {
	all := make([]*Expected, 0, len(p.Cards)+1)
	for card := range p.Cards {
		all = append(all, &p.Cards[card])
	}
	return append(all, &p.Expected)
}
