package operator

import (
	"github.com/occbench/occbench/internal/appointment"
	"github.com/occbench/occbench/internal/workload"
)

// Next returns where a walk takes a card that stands in a status, and whether
// it takes it anywhere:
//
//	cycle    scheduled → in_progress → ready → in_progress → ready …
//	forward  scheduled → in_progress → ready → completed
//
// Cycle has one way out of each status, so that two operators who meet on a
// card want the same, and what the loser of a race wants is still legal
// wherever the winners took the card.
func Next(walk workload.Walk, from appointment.Status) (to appointment.Status, ok bool) {
	switch from {
	case appointment.Scheduled:
		return appointment.InProgress, true
	case appointment.InProgress:
		return appointment.Ready, true
	case appointment.Ready:
		if walk == workload.Forward {
			return appointment.Completed, true
		}
		return appointment.InProgress, true
	}
	return "", false
}

// again returns what to ask for after a lost race: still the same where the
// walk allows it, else the walk's next step. Going forward, a card that was
// wanted in_progress and is found ready is not taken back.
func again(walk workload.Walk, from, wanted appointment.Status) (to appointment.Status, ok bool) {
	if walk == workload.Cycle && appointment.Legal(from, wanted) {
		return wanted, true
	}
	return Next(walk, from)
}
