package predict

// Observed is what a simulated run shows; counts are of its measured window.
type Observed struct {
	Turns     int
	Attempts  int // moves, retries included, double moves not
	Moved     int
	Conflicts int
	Retries   int // attempts after the first of their turn
	Beaten    int // turns that met a conflict and did not get their card where they wanted it, although it could have been

	CardAttempts  []int // by card
	CardConflicts []int

	RanOutAt float64 // forward walk: seconds until no card was left to move; 0 when some were left
}

// ConflictRate is conflicts / attempts, 0 when there were none.
func (o Observed) ConflictRate() float64 { return ratio(o.Conflicts, o.Attempts) }

// HottestCard returns the card with the most attempts.
func (o Observed) HottestCard() int {
	hottest := 0
	for card, n := range o.CardAttempts {
		if n > o.CardAttempts[hottest] {
			hottest = card
		}
	}
	return hottest
}

// CardConflictRate is the conflict rate of one card.
func (o Observed) CardConflictRate(card int) float64 {
	return ratio(o.CardConflicts[card], o.CardAttempts[card])
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// add joins the counts of another run on the same cards.
func (o *Observed) add(other Observed) {
	o.Turns += other.Turns
	o.Attempts += other.Attempts
	o.Moved += other.Moved
	o.Conflicts += other.Conflicts
	o.Retries += other.Retries
	o.Beaten += other.Beaten
	if o.CardAttempts == nil {
		o.CardAttempts = make([]int, len(other.CardAttempts))
		o.CardConflicts = make([]int, len(other.CardAttempts))
	}
	for card := range other.CardAttempts {
		o.CardAttempts[card] += other.CardAttempts[card]
		o.CardConflicts[card] += other.CardConflicts[card]
	}
}
