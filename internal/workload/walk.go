package workload

import (
	"fmt"

	"github.com/occbench/occbench/internal/nearest"
)

// Walk is which state an operator takes a record to.
type Walk uint8

// The walks. Cycle never uses a record up: scheduled → in_progress → ready →
// in_progress → scheduled …; Forward is the shop's real life: three updates and
// the record is done.
const (
	Cycle Walk = iota
	Forward
)

// UpdatesPerRecord is how many updates a record allows in a forward walk:
// scheduled → in_progress → ready → completed.
const UpdatesPerRecord = 3

// ParseWalk reads cycle or forward.
func ParseWalk(s string) (Walk, error) {
	switch s {
	case "cycle":
		return Cycle, nil
	case "forward":
		return Forward, nil
	}
	return 0, fmt.Errorf("parsing walk %q: no known walk%s; use cycle (records are never used up) or forward (three updates and a record "+
		"is done)", s, nearest.Question(s, []string{"cycle", "forward"}))
}

// String returns the form that ParseWalk reads.
func (w Walk) String() string {
	if w == Forward {
		return "forward"
	}
	return "cycle"
}
