package telemetry

import (
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// Counts are the clients' counts of the attempts of a run. The warm-up, second
// clicks and races are in them: the server counts whatever reaches it.
type Counts struct {
	Attempts  int `json:"attempts"`  // moves sent
	Certain   int `json:"certain"`   // of them, those that the server itself answered
	Conflicts int `json:"conflicts"` // of them, those answered with the status of a conflict
	Provoked  int `json:"provoked"`  // of the conflicts, those of races, in which all but one must lose
}

// Add takes the next operation of a history. What has the status of a conflict the
// API says: the server counts by status.
func (c *Counts) Add(op *history.Op, by *api.API) {
	if op.Kind != history.Update {
		return
	}
	c.Attempts++
	if isOwn(op.Outcome) {
		c.Certain++
	}
	if by.Update.ConflictsWith(int(op.HTTP)) {
		c.Conflicts++
		if op.IsProbe() {
			c.Provoked++
		}
	}
}

// CountOwn returns how many conflicts the load met; all others were provoked.
func (c Counts) CountOwn() int { return c.Conflicts - c.Provoked }

// isOwn reports whether an answer shows that the handler saw the attempt. What
// stands in front of it throttles (429), refuses (401, 403) and fails (502, 504)
// in the same words, and an attempt without an answer may or may not have
// arrived.
func isOwn(o history.Outcome) bool {
	return o == history.Applied || o == history.Conflict || o == history.Rejected
}

// CountUnsure returns how many attempts the server may or may not have counted.
func (c Counts) CountUnsure() int { return c.Attempts - c.Certain }

// Agree reports whether a server's counts can be those of the same attempts.
// Without an unsure attempt that is equality.
func (c Counts) Agree(attempts, conflicts int) bool {
	return attempts >= c.Certain && attempts <= c.Attempts &&
		conflicts >= c.Conflicts && conflicts <= c.Conflicts+c.CountUnsure()
}
