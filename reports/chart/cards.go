package chart

import (
	"fmt"
	"math"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/stats"
	"github.com/occbench/occbench/reports/view"
)

// CardTable is how often moves of a card met a conflict, the hottest first.
type CardTable struct {
	Rows     []cardRow
	Ticks    []tick
	Overall  *float64 // the rate of all, in pixels
	Expected bool     // some rows have a prediction
	Rest     string   // what is not listed, in words
	Words    []string // how the conflicts compare with those of a correct server
}

type cardRow struct {
	Card, Attempts, Conflicts, Rate, Predicted string
	Strip                                      strip // the interval and the estimate
}

// listedCards is how many cards are listed by name.
const listedCards = 24

// DrawCards lists the cards; nil without any.
func DrawCards(run view.Run) *CardTable {
	if run.Timeline == nil || len(run.Timeline.Cards.Each) == 0 {
		return nil
	}
	all := run.Timeline.Cards
	shown := all.Each[:min(len(all.Each), listedCards)]
	predicted := predictedRates(run)
	a := cardAxis(shown, run.Verdict.Confidence, predicted)
	t := &CardTable{Ticks: a.ticks(4, amount.Percent)}
	if n := run.Numbers; n != nil && n.ConflictRate.Ratio != nil && *n.ConflictRate.Ratio <= a.To {
		at := a.Px(*n.ConflictRate.Ratio)
		t.Overall = &at
	}
	for _, c := range shown {
		row := drawCard(a, c, run.Verdict.Confidence)
		if rate, ok := predicted[c.Card]; ok {
			row.expect(a, rate)
			t.Expected = true
		}
		t.Rows = append(t.Rows, row)
	}
	t.Rest = rest(all)
	if c := run.Verdict.Contention; c != nil {
		for _, line := range view.PredictedLines(c) {
			t.Words = append(t.Words, view.Short(reason.Sentence(line), view.Longest))
		}
	}
	return t
}

// cardAxis ends at the highest upper bound among the cards that have enough
// moves to be worth the room.
func cardAxis(shown []measure.CardCount, confidence float64, predicted map[string]float64) Axis {
	to := 0.05
	for _, c := range shown {
		if decided := c.Moved + c.Conflicts; decided > 0 {
			to = max(
				to,
				predicted[c.Card],
				min(stats.RateUpper(c.Conflicts, decided, sureEnough(confidence)), 3*float64(c.Conflicts+1)/float64(decided)),
			)
		}
	}
	step := roundStep(min(to, 1) / 4)
	return Axis{From: 0, To: min(step*math.Ceil(to/step), 1), At: stripLeft, Length: stripWidth}
}

func drawCard(a Axis, c measure.CardCount, confidence float64) cardRow {
	decided := c.Moved + c.Conflicts
	row := cardRow{
		Predicted: amount.Absent,
		Card:      view.Short(view.OrUnknown(c.Card), 24),
		Attempts:  amount.Count(c.Attempts),
		Conflicts: amount.Count(c.Conflicts),
		Rate:      amount.Share(c.Conflicts, decided),
	}
	lower, upper := stats.RateLower(
		c.Conflicts,
		decided,
		sureEnough(confidence),
	), stats.RateUpper(
		c.Conflicts,
		decided,
		sureEnough(confidence),
	)
	row.Strip = strip{From: a.Px(lower), To: a.Px(upper), Mark: a.Px(float64(c.Conflicts) / float64(max(decided, 1))),
		Alt: fmt.Sprintf("between %s and %s of the moves of this card conflict", amount.Percent(lower), amount.Percent(upper))}
	return row
}

// predictedRates are the conflict rates that a correct server shows, by card.
func predictedRates(run view.Run) map[string]float64 {
	rates := map[string]float64{}
	if c := run.Verdict.Contention; c != nil {
		for _, card := range c.Busiest {
			rates[card.Card] = card.Predicted
		}
	}
	return rates
}

func (r *cardRow) expect(a Axis, rate float64) {
	at := a.Px(rate)
	r.Predicted, r.Strip.Expected = amount.Percent(rate), &at
	r.Strip.Alt += "; a correct server shows " + amount.Percent(rate)
}

// sureEnough returns a confidence that intervals exist for; a verdict that was
// never made has none.
func sureEnough(confidence float64) float64 {
	if confidence <= 0 || confidence >= 1 {
		return stats.Enough
	}
	return confidence
}

// rest says what the cards that are not listed are like.
func rest(all measure.Cards) string {
	others := all.Each[min(len(all.Each), listedCards):]
	if len(others) == 0 {
		return ""
	}
	attempts, moved, conflicts := all.Others, 0, 0
	for _, c := range others {
		attempts, moved, conflicts = attempts+c.Attempts, moved+c.Moved, conflicts+c.Conflicts
	}
	text := amount.Plural(len(others), "further card", "further cards")
	if all.Others > 0 {
		text = "All further cards"
	}
	return fmt.Sprintf(
		"%s: %s, %s of the decided ones conflicts.",
		text,
		amount.Plural(attempts, "move", "moves"),
		amount.Share(conflicts, moved+conflicts),
	)
}
