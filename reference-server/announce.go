package refserver

import (
	"context"

	"github.com/occbench/occbench/reference-server/store"
)

// announced is a store that tells which cards it changed, after it did.
//
// It lies below the faults, so a stream shows what was committed and not what
// a broken server claims: a phantom success announces nothing, and a move that
// is committed and answered with 500 is announced.
type announced struct {
	store.Store
	changed func(id int64)
}

// announceChanges puts the announcing around a store, and keeps the back door of one
// that has it.
func announceChanges(s store.Store, changed func(id int64)) store.Store {
	a := announced{s, changed}
	if raw, ok := s.(store.Unguarded); ok {
		return announcedRaw{a, raw}
	}
	return a
}

func (a announced) Move(ctx context.Context, m store.Move) (store.Moved, error) {
	moved, err := a.Store.Move(ctx, m)
	if err == nil {
		a.changed(m.ID)
	}
	return moved, err
}

func (a announced) AddAppointment(ctx context.Context, c store.Appointment) (int64, error) {
	id, err := a.Store.AddAppointment(ctx, c)
	if err == nil {
		a.changed(id)
	}
	return id, err
}

// announcedRaw is announced for a store with a back door.
type announcedRaw struct {
	announced
	raw store.Unguarded
}

// Write implements store.Unguarded.
func (a announcedRaw) Write(ctx context.Context, w store.Write) (store.Moved, bool, error) {
	moved, ok, err := a.raw.Write(ctx, w)
	if ok && err == nil && !w.Rollback {
		a.changed(w.ID)
	}
	return moved, ok, err
}
