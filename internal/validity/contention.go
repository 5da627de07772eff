package validity

import (
	"cmp"
	"slices"

	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/stats"
)

// Contention compares the conflicts that a server showed with those that a
// correct one must have shown in the same run. Rates are ratios 0–1.
type Contention struct {
	Predicted float64         `json:"predicted"`
	Observed  float64         `json:"observed"`
	Lower     float64         `json:"lower"` // of the prediction
	Upper     float64         `json:"upper"`
	Attempts  int             `json:"attempts"`          // applied or refused as stale
	Hottest   Record          `json:"hottest"`           // the record with the most attempts
	Busiest   []Record        `json:"busiest,omitempty"` // the records with the most attempts, those first; at most mostListed
	Agreement string          `json:"agreement"`
	Causes    []reason.Reason `json:"causes"` // likely ones of a disagreement
	Skipped   int             `json:"skipped,omitempty"`

	Exact Bounds `json:"exact"` // of the observed rate, Clopper–Pearson
	// Block bounds the observed rate by record; nil with too few records, and where all attempts ended alike.
	Block *Bounds `json:"bootstrap,omitempty"`
}

// WithWords returns the comparison in the nouns of an API.
func (c *Contention) WithWords(w noun.Words) *Contention {
	if c == nil {
		return nil
	}
	spoken := *c
	spoken.Causes = slices.Clone(c.Causes)
	for i := range spoken.Causes {
		spoken.Causes[i] = spoken.Causes[i].In(w)
	}
	return &spoken
}

// Record compares what a server showed on one record with what a correct one must have
// shown.
type Record struct {
	Record    string  `json:"record"`
	Attempts  int     `json:"attempts"`
	Predicted float64 `json:"predicted"`
	Observed  float64 `json:"observed"`
}

// Bounds are one-sided bounds of a rate.
type Bounds struct {
	Lower float64 `json:"lower"`
	Upper float64 `json:"upper"`
}

// IsDependent reports whether the bootstrap by record and the exact interval, which
// takes every attempt for independent, differ in width by more than half.
func (c *Contention) IsDependent() bool {
	if c.Block == nil {
		return false
	}
	exact, block := c.Exact.Upper-c.Exact.Lower, c.Block.Upper-c.Block.Lower
	return block > 1.5*exact || block < 0.5*exact
}

// warning tells a disagreement with its likely causes.
func (c *Contention) warning() reason.Reason {
	return reason.New("contention", "agreement", c.Agreement, "observed", c.Observed, "predicted", c.Predicted, "causes", c.Causes)
}

// findContention ends the trace; nil when no update was decided.
func (t *trace) findContention(run Run) (*Contention, error) {
	if err := t.finish(); err != nil {
		return nil, err
	}
	var sum prediction
	var seen tally
	hot := 0
	for i, p := range t.predicted {
		sum.attempts += p.attempts
		sum.conflicts += p.conflicts
		sum.lower += p.lower
		sum.upper += p.upper
		seen.attempts += t.observed[i].attempts
		seen.conflicts += t.observed[i].conflicts
		if t.observed[i].attempts > t.observed[hot].attempts {
			hot = i
		}
	}
	if seen.attempts == 0 {
		return nil, nil
	}
	e := predict.Expected{
		Attempts: seen.attempts,
		Rate:     sum.conflicts / sum.attempts,
		Lower:    sum.lower / sum.attempts,
		Upper:    sum.upper / sum.attempts,
	}
	agreement := e.Compare(seen.rate())
	return &Contention{
		Predicted: e.Rate, Observed: seen.rate(), Lower: e.Lower, Upper: e.Upper, Attempts: e.Attempts,
		Hottest: t.newRecord(hot), Busiest: t.listBusiest(),
		Agreement: agreement.String(), Causes: append([]reason.Reason{}, agreement.Causes()...), Skipped: t.skipped,
		Exact: Bounds{
			stats.RateLower(seen.conflicts, seen.attempts, run.confidence()),
			stats.RateUpper(seen.conflicts, seen.attempts, run.confidence()),
		},
		Block: boundRate(t.observed, run.confidence(), run.RandSeed),
	}, nil
}

// mostListed is how many records are told apart: a longer table is not read.
const mostListed = 32

// listBusiest returns the records with the most attempts, those first, then by id.
func (t *trace) listBusiest() []Record {
	var all []Record
	for i := range t.observed {
		if t.observed[i].attempts > 0 {
			all = append(all, t.newRecord(i))
		}
	}
	slices.SortFunc(all, func(a, b Record) int {
		return cmp.Or(cmp.Compare(b.Attempts, a.Attempts), cmp.Compare(a.Record, b.Record))
	})
	return all[:min(len(all), mostListed)]
}

// listExpectedRates returns the conflict rates of a correct server by record.
func (t *trace) listExpectedRates() map[string]float64 {
	rates := make(map[string]float64, len(t.ids))
	for i, p := range t.predicted {
		if p.attempts > 0 {
			rates[t.ids[i]] = p.conflicts / p.attempts
		}
	}
	return rates
}

func (t *trace) newRecord(i int) Record {
	c := Record{Record: t.ids[i], Attempts: t.observed[i].attempts, Observed: t.observed[i].rate()}
	if p := t.predicted[i]; p.attempts > 0 {
		c.Predicted = p.conflicts / p.attempts
	}
	return c
}

func (t tally) rate() float64 {
	if t.attempts == 0 {
		return 0
	}
	return float64(t.conflicts) / float64(t.attempts)
}

func (r Run) confidence() float64 {
	if r.Confidence == 0 {
		return stats.Enough
	}
	return r.Confidence
}
