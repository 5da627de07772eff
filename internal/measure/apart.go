package measure

import "github.com/occbench/occbench/internal/history"

// Apart are the operations of operators who are no part of the declared load:
// people in browsers, and those who provoke conflicts for them. They are in no
// other number, since their conflicts are made and not met.
type Apart struct {
	FromOperator int32                   `json:"from_operator"`
	Moves        int                     `json:"moves"`
	Outcomes     map[history.Outcome]int `json:"outcomes"` // of the moves
	Reads        int                     `json:"reads"`
}

// OfApart reports whether an operation is none of the declared load's: one of
// people in browsers, or of a race.
func (o *Options) OfApart(op *history.Op) bool {
	return op.Flags&history.Race != 0 || o.ApartFrom > 0 && op.Operator >= o.ApartFrom
}

func (m *Measure) addApart(op *history.Op) {
	if op.Flags&history.Race != 0 {
		m.races.add(op)
		return
	}
	if m.apart == nil {
		m.apart = &Apart{FromOperator: m.opt.ApartFrom, Outcomes: map[history.Outcome]int{}}
	}
	if op.Kind == history.Read {
		m.apart.Reads++
		return
	}
	m.apart.Moves++
	m.apart.Outcomes[op.Outcome]++
}

// numbers returns a copy; nil when nobody played apart.
func (a *Apart) numbers() *Apart {
	if a == nil {
		return nil
	}
	copied := *a
	copied.Outcomes = sum(a.Outcomes, nil)
	return &copied
}
