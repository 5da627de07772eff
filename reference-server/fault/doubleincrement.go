package fault

import (
	"context"

	"github.com/occbench/occbench/reference-server/store"
)

var doubleIncrement = Fault{
	Name:      "double-increment",
	Sentence:  "an update raises the version by two and answers that it rose by one",
	Invariant: "OCC-08",
	Rate:      0.2,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		w := newGuardedWrite(m)
		w.Bump = 2
		moved, err := in.writeOrRefuse(ctx, w, m)
		moved.Version = m.Expected + 1
		return moved, err
	},
	etag: func(f *Fault) {
		f.Sentence = "an update is written as two versions and answered with the tag of the first"
		askOnly(f)
	},
}

// askOnly leaves a fault to the probe: a server may give a content another tag by
// itself, so no load proves that an answered tag was never shown.
func askOnly(f *Fault) { f.Invariant, f.Question, f.Rate = "", "answered_token", 1 }
