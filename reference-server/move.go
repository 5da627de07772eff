package refserver

import (
	"context"
	"errors"
	"math"
	"net/http"
	"time"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

// answerMove carries out one attempt. What the client hears, and so what a mistake
// here would hide, is all decided by the store's one statement.
func (a *api) answerMove(w http.ResponseWriter, r *http.Request) {
	var m store.Move
	if !readMove(w, r, &m) {
		return
	}
	id, ok := parseID(r.PathValue("id"))
	if !ok {
		sendRefusal(w, http.StatusNotFound, newNotFound("there is no such appointment"))
		return
	}
	m.ID = id
	ctx, cancel := storeContext(r)
	defer cancel()
	moved, err := a.moveOnceMore(ctx, a.store, m)
	if err != nil {
		a.answerFailedMove(w, r, m, err)
		return
	}
	sendData(w, http.StatusOK, appointment.MoveResult{
		AppointmentID: r.PathValue("id"), Status: moved.Status, Position: int(moved.Position),
		Version: moved.Version, UpdatedAt: moved.UpdatedAt.UTC(),
	})
}

// mover is a store of any records.
type mover interface {
	Move(ctx context.Context, m store.Move) (store.Moved, error)
}

// moveOnceMore moves, and tries again once when the store gave the move up for
// the sake of another transaction. A conflict is an answer and never tried
// again: the client decided on what it saw, and that is no longer so.
func (a *api) moveOnceMore(ctx context.Context, on mover, m store.Move) (store.Moved, error) {
	moved, err := on.Move(ctx, m)
	if !errors.Is(err, store.ErrBusy) {
		return moved, err
	}
	select {
	case <-time.After(a.drawPause()):
		return on.Move(ctx, m)
	case <-ctx.Done():
		return moved, err
	}
}

// drawPause draws 10 to 25 ms: two transactions that collided and wait equally long
// collide again.
func (a *api) drawPause() time.Duration {
	a.dice.Lock()
	defer a.dice.Unlock()
	return 10*time.Millisecond + time.Duration(a.opts.Rand.Int64N(int64(15*time.Millisecond)))
}

// readMove reads the body of a move and reports whether it could; else it has
// answered.
func readMove(w http.ResponseWriter, r *http.Request, m *store.Move) bool {
	members, finish := moveMembers(m)
	if !readMembers(w, r, members) {
		return false
	}
	if err := finish(); err != nil {
		sendRefusal(w, http.StatusBadRequest, *err)
		return false
	}
	return true
}

// moveMembers returns the members of a move's body, which fill m, and what is
// left to do when they are read. The position has two names in the wild.
func moveMembers(m *store.Move) ([]member, func() *refusal) {
	var position int32
	members := []member{
		{name: "new_status", read: readStatus(&m.To)},
		{name: "expected_version", read: readInteger(&m.Expected, 0, math.MaxInt64)},
		{name: "position", optional: true, read: readPosition(&m.Position, &position)},
		{name: "new_position", optional: true, read: readPosition(&m.Position, new(int32))},
	}
	return members, func() *refusal {
		if members[2].seen && members[3].seen {
			return new(newInvalid("new_position", "is another name of position; give one"))
		}
		return nil
	}
}

func readStatus(into *appointment.Status) func(*jx.Decoder) string {
	return func(d *jx.Decoder) string {
		var s string
		if complaint := readText(&s, 32)(d); complaint != "" {
			return complaint
		}
		if *into = appointment.Status(s); !into.IsValid() {
			return "is not a status"
		}
		return ""
	}
}

func readPosition(into **int32, room *int32) func(*jx.Decoder) string {
	return func(d *jx.Decoder) string {
		*into = room
		return readInteger(room, 0, math.MaxInt32)(d)
	}
}
