package measure

import (
	"cmp"
	"math"
	"slices"

	"github.com/occbench/occbench/internal/history"
)

// RecordCount counts the measured attempts on one record by their outcome.
type RecordCount struct {
	Record    string `json:"record"`
	Attempts  int    `json:"attempts"`
	Applied   int    `json:"applied"`
	Conflicts int    `json:"conflicts"`

	// Of a correct server, for the very same calls: ratio 0–1; nil: it was not replayed.
	Predicted *float64 `json:"predicted,omitempty"`
}

// Errors returns the number of attempts that are neither applied nor conflict.
func (c RecordCount) Errors() int { return c.Attempts - c.Applied - c.Conflicts }

// Records are the counts by record.
type Records struct {
	Each   []RecordCount `json:"each"`   // most attempts first, then by id
	Others int           `json:"others"` // attempts on records beyond the first mostRecords
}

// Predict notes the conflict rates of a correct server by record.
func (c *Records) Predict(rates map[string]float64) {
	for i := range c.Each {
		if rate, ok := rates[c.Each[i].Record]; ok {
			rate = math.Round(rate*1e6) / 1e6 // more digits tell nothing and are kept in every recording
			c.Each[i].Predicted = &rate
		}
	}
}

// mostRecords bounds what a history with a fresh record in every line can cost.
const mostRecords = 1 << 16

type byRecord struct {
	counts history.RecordTable[recordSeries]
	others int
	heats  heats
}

// recordSeries follows one record through the history.
type recordSeries struct {
	RecordCount
	heat *recordHeat // nil: it has met no conflict
}

// add counts an attempt that was sent in a bin of the Series.
func (p *byRecord) add(op *history.Op, bin int) {
	c := p.counts.Find(op.Record)
	if c == nil {
		if p.counts.Len() == mostRecords {
			if op.Flags&history.Warmup == 0 {
				p.others++
			}
			return
		}
		c = p.counts.At(op.Record)
		c.Record = op.Record
	}
	if op.Outcome == history.Conflict {
		c.heat = p.heats.add(c.heat, c.Record, bin)
	}
	if op.Flags&history.Warmup != 0 {
		return
	}
	c.Attempts++
	switch op.Outcome {
	case history.Applied:
		c.Applied++
	case history.Conflict:
		c.Conflicts++
	}
}

func (p *byRecord) numbers() Records {
	records := Records{Others: p.others, Each: make([]RecordCount, 0, p.counts.Len())}
	for _, c := range p.counts.All() {
		if c.Attempts > 0 {
			records.Each = append(records.Each, c.RecordCount)
		}
	}
	slices.SortFunc(records.Each, func(a, b RecordCount) int {
		return cmp.Or(cmp.Compare(b.Attempts, a.Attempts), cmp.Compare(a.Record, b.Record))
	})
	return records
}
