package chart

import (
	"fmt"
	"math"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/stats"
	"github.com/occbench/occbench/reports/view"
)

// RecordTable is how often updates of a record met a conflict, the hottest first.
type RecordTable struct {
	Nouns    noun.Words
	Rows     []recordRow
	Ticks    []tick
	Overall  *float64 // the rate of all, in pixels
	Expected bool     // some rows have a prediction
	Rest     string   // what is not listed, in words
	Words    []string // how the conflicts compare with those of a correct server
}

type recordRow struct {
	ID, Attempts, Conflicts, Rate, Predicted string
	Strip                                    strip // the interval and the estimate
}

// Listed are the records with at least leastListed attempts that were decided, which have an
// interval worth reading, and at most listedRecords of them.
const (
	listedRecords = 24
	leastListed   = 30
)

// DrawRecords lists the records; nil without any.
func DrawRecords(run view.Run) *RecordTable {
	if run.Timeline == nil || len(run.Timeline.Records.Each) == 0 {
		return nil
	}
	all := run.Timeline.Records
	shown := selectListed(all.Each)
	predicted := predictedRates(run)
	a := recordAxis(shown, run.Verdict.Confidence, predicted)
	t := &RecordTable{Nouns: run.Words, Ticks: a.ticks(4, amount.Percent)}
	if n := run.Numbers; n != nil && n.ConflictRate.Ratio != nil && *n.ConflictRate.Ratio <= a.To {
		at := a.Px(*n.ConflictRate.Ratio)
		t.Overall = &at
	}
	for _, c := range shown {
		row := drawRecord(a, c, run.Verdict.Confidence, run.Words)
		if rate, ok := predicted[c.Record]; ok {
			row.addExpected(a, rate)
			t.Expected = true
		}
		t.Rows = append(t.Rows, row)
	}
	if len(shown) > 0 {
		t.Rest = describeRest(all, len(shown), run.Words)
	}
	if c := run.Verdict.Contention; c != nil {
		for _, line := range view.ListPredictions(run) {
			t.Words = append(t.Words, view.ShortenText(reason.Sentence(line), view.Longest))
		}
	}
	return t
}

// selectListed returns the records that the chart lists.
func selectListed(each []measure.RecordCount) []measure.RecordCount {
	var shown []measure.RecordCount
	for _, c := range each {
		if c.Applied+c.Conflicts >= leastListed && len(shown) < listedRecords {
			shown = append(shown, c)
		}
	}
	return shown
}

// recordAxis ends at the highest upper bound among the records that have enough
// updates to be worth the room.
func recordAxis(shown []measure.RecordCount, confidence float64, predicted map[string]float64) Axis {
	to := 0.05
	for _, c := range shown {
		if decided := c.Applied + c.Conflicts; decided > 0 {
			to = max(
				to,
				predicted[c.Record],
				min(stats.RateUpper(c.Conflicts, decided, clampConfidence(confidence)), 3*float64(c.Conflicts+1)/float64(decided)),
			)
		}
	}
	step := roundStep(min(to, 1) / 4)
	return Axis{From: 0, To: min(step*math.Ceil(to/step), 1), At: stripLeft, Length: stripWidth}
}

func drawRecord(a Axis, c measure.RecordCount, confidence float64, w noun.Words) recordRow {
	decided := c.Applied + c.Conflicts
	row := recordRow{
		Predicted: amount.Absent,
		ID:        view.ShortenText(view.OrUnknown(c.Record), 24),
		Attempts:  amount.Count(c.Attempts),
		Conflicts: amount.Count(c.Conflicts),
		Rate:      amount.Share(c.Conflicts, decided),
	}
	lower, upper := stats.RateLower(
		c.Conflicts,
		decided,
		clampConfidence(confidence),
	), stats.RateUpper(
		c.Conflicts,
		decided,
		clampConfidence(confidence),
	)
	row.Strip = strip{From: a.Px(lower), To: a.Px(upper), Mark: a.Px(float64(c.Conflicts) / float64(max(decided, 1))),
		Alt: fmt.Sprintf("between %s and %s of the %s of this %s conflict",
			amount.Percent(lower), amount.Percent(upper), w.Updates(), w.One())}
	return row
}

// predictedRates are the conflict rates that a correct server shows, by record.
func predictedRates(run view.Run) map[string]float64 {
	rates := map[string]float64{}
	for _, c := range run.Timeline.Records.Each {
		if c.Predicted != nil {
			rates[c.Record] = *c.Predicted
		}
	}
	if c := run.Verdict.Contention; c != nil {
		for _, record := range c.Busiest {
			rates[record.Record] = record.Predicted
		}
	}
	return rates
}

func (r *recordRow) addExpected(a Axis, rate float64) {
	at := a.Px(rate)
	r.Predicted, r.Strip.Expected = amount.Percent(rate), &at
	r.Strip.Alt += "; a correct server shows " + amount.Percent(rate)
}

// clampConfidence returns a confidence for which intervals exist; a missing
// verdict has none.
func clampConfidence(confidence float64) float64 {
	if confidence <= 0 || confidence >= 1 {
		return stats.Enough
	}
	return confidence
}

// describeRest summarizes the records that the chart does not list.
func describeRest(all measure.Records, listed int, w noun.Words) string {
	others, attempts, moved, conflicts := len(all.Each)-listed, all.Others, 0, 0
	if others == 0 && all.Others == 0 {
		return ""
	}
	left := listed
	for _, c := range all.Each {
		if left > 0 && c.Applied+c.Conflicts >= leastListed {
			left--
			continue
		}
		attempts, moved, conflicts = attempts+c.Attempts, moved+c.Applied, conflicts+c.Conflicts
	}
	text := amount.Plural(others, "further "+w.One(), "further "+w.Records())
	if all.Others > 0 {
		text = "All further " + w.Records()
	}
	return fmt.Sprintf(
		"%s: %s, %s of the decided ones conflicts.",
		text,
		w.CountUpdates(attempts),
		amount.Share(conflicts, moved+conflicts),
	)
}
