package pipeline

import (
	"fmt"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
)

// turnedAway says that the target refused callers and not moves: such a run
// measures a door. Credentials that end during a run look like this.
func turnedAway(n *measure.Numbers) []string {
	if n == nil {
		return nil
	}
	moves, reads := n.Outcomes[history.Unauthorized], n.Reads.Outcomes[history.Unauthorized]
	if moves+reads == 0 {
		return nil
	}
	return []string{fmt.Sprintf("unauthorized: the target turned away %s of %s moves and %s of %s board reads (HTTP 401 or 403, or they could not be signed); "+
		"check --auth with `occbench doctor`, and whether the credentials ended during the run",
		gate.Count(moves), gate.Count(n.Attempts), gate.Count(reads), gate.Count(n.Reads.Count))}
}
