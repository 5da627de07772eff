package workload

import "fmt"

// Walk is which status an operator moves a card to.
type Walk uint8

// The walks. Cycle never uses a card up: scheduled → in_progress → ready →
// in_progress → scheduled …; Forward is the shop's real life: three moves and
// the card is done.
const (
	Cycle Walk = iota
	Forward
)

// MovesPerCard is how many moves a card allows in a forward walk:
// scheduled → in_progress → ready → completed.
const MovesPerCard = 3

// ParseWalk reads cycle or forward.
func ParseWalk(s string) (Walk, error) {
	switch s {
	case "cycle":
		return Cycle, nil
	case "forward":
		return Forward, nil
	}
	return 0, fmt.Errorf("parsing walk %q: no known walk; use cycle (cards are never used up) or forward (three moves and a card is "+
		"done)", s)
}

// String returns the form that ParseWalk reads.
func (w Walk) String() string {
	if w == Forward {
		return "forward"
	}
	return "cycle"
}
