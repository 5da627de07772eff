package operator

import (
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/workload"
)

// next returns where the operator's walk takes a record that stands in a state,
// and whether it takes it anywhere. The walks are those of the API file.
//
// Cycle has one way out of each state, so that two operators who meet on a
// record want the same, and what the loser of a race wants is still legal
// wherever the winners took the record.
func (o *Operator) next(from string) (to string, ok bool) {
	return o.states.Next(o.cfg.Walk.String(), from)
}

// again returns what to ask for after a lost race: still the same where the
// walk allows it, else the walk's next step. Going forward, a record that was
// wanted in_progress and is found ready is not taken back.
func again(states *api.States, walk workload.Walk, from, wanted string) (to string, ok bool) {
	if walk == workload.Cycle && states.IsLegal(from, wanted) {
		return wanted, true
	}
	return states.Next(walk.String(), from)
}
