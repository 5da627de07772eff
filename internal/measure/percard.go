package measure

import (
	"cmp"
	"slices"

	"github.com/occbench/occbench/internal/history"
)

// CardCount is what became of the measured attempts on one card.
type CardCount struct {
	Card      string `json:"card"`
	Attempts  int    `json:"attempts"`
	Moved     int    `json:"moved"`
	Conflicts int    `json:"conflicts"`
}

// Errors returns the number of attempts that are neither moved nor conflict.
func (c CardCount) Errors() int { return c.Attempts - c.Moved - c.Conflicts }

// Cards are the counts by card.
type Cards struct {
	Each   []CardCount `json:"each"`   // most attempts first, then by id
	Others int         `json:"others"` // attempts on cards beyond the first mostCards
}

// mostCards bounds what a history with a fresh card in every line can cost.
const mostCards = 1 << 16

type percard struct {
	counts map[string]*CardCount
	others int
}

func (p *percard) add(op *history.Op) {
	c := p.counts[op.Record]
	if c == nil {
		if len(p.counts) == mostCards {
			p.others++
			return
		}
		c = &CardCount{Card: op.Record}
		p.counts[op.Record] = c
	}
	c.Attempts++
	switch op.Outcome {
	case history.Applied:
		c.Moved++
	case history.Conflict:
		c.Conflicts++
	}
}

func (p *percard) numbers() Cards {
	cards := Cards{Others: p.others, Each: make([]CardCount, 0, len(p.counts))}
	for _, c := range p.counts {
		cards.Each = append(cards.Each, *c)
	}
	slices.SortFunc(cards.Each, func(a, b CardCount) int {
		return cmp.Or(cmp.Compare(b.Attempts, a.Attempts), cmp.Compare(a.Card, b.Card))
	})
	return cards
}
