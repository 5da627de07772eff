package pipeline

import (
	"fmt"

	"github.com/occbench/occbench/internal/amount"
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
		amount.Count(moves), amount.Count(n.Attempts), amount.Count(reads), amount.Count(n.Reads.Count))}
}
