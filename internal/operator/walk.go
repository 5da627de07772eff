package operator

import (
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/workload"
)

// nextState returns where the operator wishes to take a record that stands in a state, and
// whether its walk takes it anywhere. The walks are those of the API file; where one
// goes several ways, the operator draws one, so that rivals want different things and a
// lost update shows what was lost.
func (o *Operator) nextState(from string) (to string, ok bool) {
	if o.view.stateless {
		return "", true
	}
	return o.states.Choose(o.cfg.Walk.String(), from, o.wish)
}

// chooseState returns what to ask for after a lost race: still the same where the
// walk allows it, else the walk's next step. Going forward, a record that was
// wanted in_progress and is found ready is not taken back.
func chooseState(states *api.States, walk workload.Walk, from, wanted string) (to string, ok bool) {
	if walk == workload.Cycle && states.IsLegal(from, wanted) {
		return wanted, true
	}
	return states.Next(walk.String(), from)
}
