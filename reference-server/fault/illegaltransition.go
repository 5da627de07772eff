package fault

import (
	"context"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/items"
	"github.com/occbench/occbench/reference-server/store"
)

var illegalTransition = Fault{
	Name: "illegal-transition",
	Sentence: "no transition is checked, and a move into in_progress goes on to where none leads: scheduled becomes ready, ready becomes " +
		"scheduled",
	Invariant: "OCC-10",
	Rate:      0.2,
	lacks:     map[string]string{items.Name: "has no states, so that every text may follow every other"},
	move:      storeIllegalState,
}

// storeIllegalState stores and answers a status that the card could not legally reach. That
// the illegal requests of clients are carried out would not show by itself: a
// careful client sends none.
func storeIllegalState(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
	is, err := in.store.Current(ctx, m.ID)
	if err != nil {
		return store.Moved{}, err
	}
	w := newGuardedWrite(m)
	w.From = nil // the version alone pins the status that was read
	if m.To == appointment.InProgress && is.Status == appointment.Scheduled {
		w.Status = appointment.Ready
	}
	if m.To == appointment.InProgress && is.Status == appointment.Ready {
		w.Status = appointment.Scheduled
	}
	if is.Version != m.Expected {
		return store.Moved{}, m.Refusal(is)
	}
	return in.writeOrRefuse(ctx, w, m)
}
