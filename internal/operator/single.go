package operator

import (
	"context"

	"github.com/occbench/occbench/internal/client"
)

// pickSingle picks a record, reads it and records what it shows. One that the walk
// does not take further makes way for the next one, as on a list; which ones these
// are is known as far as they have been read.
func (o *Operator) pickSingle(flight context.Context, start int) (Picked, client.Answer, error) {
	var a client.Answer
	for range o.view.sights {
		i, possible := o.view.findFrom(start, o.cfg.Walk)
		if !possible {
			break
		}
		a = o.readSingle(flight, i)
		o.recordRead(&a, i, 1)
		if !a.OK() {
			return Picked{}, a, a.Failure()
		}
		if o.view.canUpdate(i, o.cfg.Walk) {
			return o.pickedAt(i), a, nil
		}
	}
	return Picked{}, a, ErrExhausted
}

// readSingle reads one record into the view.
func (o *Operator) readSingle(flight context.Context, i int) client.Answer {
	o.one.ID = o.cfg.Roster.ID(i)
	o.view.fillKnown(i, &o.one)
	a := o.cfg.Shop.Read(flight, &o.one)
	o.view.takeRead(i, &o.one)
	return a
}

// fillKnown sets what is known of a record before it is read again.
func (v *view) fillKnown(i int, r *client.Record) {
	now := &v.sights[i]
	r.State, r.Token, r.TokenText, r.Marker = now.state, now.token, now.tokenText, now.marker
}

// takeRead stores what a read showed of a record.
func (v *view) takeRead(i int, r *client.Record) {
	v.sights[i] = toSight(r)
	v.shown[i] = v.isReadable(v.sights[i])
}
