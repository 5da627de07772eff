package measure

import (
	"cmp"
	"slices"
)

// Heat is when which records met conflicts, warm-up included: the records with the
// most of them.
type Heat struct {
	StepS float64   `json:"step_s"` // length of a stretch
	Rows  []HeatRow `json:"rows"`   // most conflicts first, then by id
	Other int       `json:"other"`  // conflicts of further records
}

// HeatRow is a record's conflicts by stretch, from the base of the run on.
type HeatRow struct {
	Record    string `json:"record"`
	Conflicts []int  `json:"conflicts"`
}

// Bounds of what the heat keeps, whatever the history is like.
const (
	heatBins  = Bins / perHeat
	perHeat   = 5       // bins of a Series to a stretch; a divisor of Bins
	heatRows  = 40      // that are told
	mostHeats = 1 << 14 // records that are followed, those first that met a conflict first
)

// heats follows the conflicts of records.
type heats struct {
	followed []*recordHeat
	other    int
}

type recordHeat struct {
	id  string
	sum int
	at  [heatBins]uint32
}

// add counts a conflict in a bin of the Series. It returns how the record is followed
// from now on; nil: it is not.
func (h *heats) add(of *recordHeat, id string, bin int) *recordHeat {
	if of == nil {
		if len(h.followed) == mostHeats {
			h.other++
			return nil
		}
		of = &recordHeat{id: id}
		h.followed = append(h.followed, of)
	}
	of.sum++
	of.at[bin/perHeat]++
	return of
}

// mergePairs merges the stretches in pairs.
func (h *heats) mergePairs() {
	for _, c := range h.followed {
		for i := 1; i < heatBins; i++ {
			n := c.at[i]
			c.at[i] = 0
			c.at[i/2] += n
		}
	}
}

// numbers returns the heat of the bins that are in use.
func (h *heats) numbers(step float64, used int) Heat {
	all := Heat{StepS: step * perHeat, Rows: []HeatRow{}, Other: h.other}
	slices.SortFunc(h.followed, func(a, b *recordHeat) int { return cmp.Or(cmp.Compare(b.sum, a.sum), cmp.Compare(a.id, b.id)) })
	for i, c := range h.followed {
		if i >= heatRows {
			all.Other += c.sum
			continue
		}
		row := HeatRow{Record: c.id, Conflicts: make([]int, (used+perHeat-1)/perHeat)}
		for j := range row.Conflicts {
			row.Conflicts[j] = int(c.at[j])
		}
		all.Rows = append(all.Rows, row)
	}
	return all
}
