package refserver_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

// Both stores show the same cards, in the order of position, start and id, of
// that day only.
func TestBoardOrder(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		ctx := context.Background()
		s := openStore(t, kind, url)
		addCards(t, s, 4)
		for _, start := range []time.Time{tomorrow.Add(-time.Microsecond), tomorrow.AddDate(0, 0, 1)} {
			if _, err := s.AddAppointment(ctx, store.Appointment{Customer: 1, Vehicle: 1, Start: start, End: start.Add(time.Hour), Services: []string{"OIL"}}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Move(ctx, store.Move{ID: 1, To: appointment.InProgress, Expected: 1, Position: new(int32(3))}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Move(ctx, store.Move{ID: 4, To: appointment.InProgress, Expected: 1, Position: new(int32(2))}); err != nil {
			t.Fatal(err)
		}
		cards, err := s.Board(ctx, tomorrow)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, c := range cards {
			ids = append(ids, c.ID)
		}
		if diff := cmp.Diff([]string{"2", "3", "4", "1"}, ids); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
		one, err := s.Card(ctx, 1)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(one, cards[3]); diff != "" {
			t.Errorf("the single card and the board differ (-card +board):\n%s", diff)
		}
		if since := time.Since(one.UpdatedAt); since < -time.Minute || since > time.Hour {
			t.Errorf("updated at %s", one.UpdatedAt)
		}
	})
}

// scripted answers the two statements of a decision from lists.
type scripted struct{ currents []store.Current }

func (s *scripted) Update(context.Context, store.Move) (store.Moved, bool, error) {
	return store.Moved{}, false, nil
}

func (s *scripted) Current(context.Context, int64) (store.Current, error) {
	is := s.currents[0]
	s.currents = s.currents[1:]
	return is, nil
}

// A version that was in the future for the UPDATE and is current for the
// SELECT explains nothing; it must be called neither a conflict nor illegal.
func TestDecideAnewWhenTheCardCatchesUp(t *testing.T) {
	fresh := store.Current{Version: 3, Status: appointment.Scheduled}
	for _, c := range []struct {
		name     string
		currents []store.Current
		want     error
	}{
		{"once", []store.Current{fresh, {Version: 4, Status: appointment.InProgress}}, &store.Stale{Version: 4, Status: appointment.InProgress}},
		{"twice", []store.Current{fresh, fresh}, store.ErrBusy},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := store.Decide(context.Background(), &scripted{c.currents}, store.Move{ID: 1, To: appointment.InProgress, Expected: 3})
			if !errors.Is(err, c.want) && (err == nil || err.Error() != c.want.Error()) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}
