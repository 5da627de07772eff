package measure

import "github.com/occbench/occbench/internal/history"

// Apart are the operations of operators who are no part of the declared load:
// people in browsers, and those who provoke conflicts for them. They are in no
// other number, since their conflicts are made and not met.
type Apart struct {
	FromOperator int32                   `json:"from_operator"`
	Updates      int                     `json:"updates"`
	Outcomes     map[history.Outcome]int `json:"outcomes"` // of the updates
	Reads        int                     `json:"reads"`
}

// clone returns a copy; nil where no operation was apart.
func (a *Apart) clone() *Apart {
	if a == nil {
		return nil
	}
	copied := *a
	copied.Outcomes = addCounts(a.Outcomes, nil)
	return &copied
}
