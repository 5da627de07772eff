package seed

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
)

// made is a record that a session made: number i of n.
type made struct {
	id   string
	i, n int
}

// spread moves the records that the session made as on a day that is under way: early
// ones are further than late ones, and some end beside the way. None comes to a final
// state, so every one can be updated. A record that does not move stays usable, so that
// is a warning.
func (s *session) spread(ctx context.Context) error {
	if !s.opts.Spread || len(s.api.States.Names) == 0 || len(s.made) == 0 {
		return nil
	}
	ids := make([]string, len(s.made))
	for i := range s.made {
		ids[i] = s.made[i].id
	}
	seen, err := s.viewRecords(ctx, ids)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var stay int
	var why error
	var group errgroup.Group
	group.SetLimit(s.opts.Parallel)
	for _, m := range s.made {
		from, shown := seen.states[m.id]
		if !shown {
			continue
		}
		group.Go(func() error {
			if err := s.leadTo(ctx, m.id, seen.shown[m.id], from, chooseState(&s.api.States, from, m.i, m.n)); err != nil {
				mu.Lock()
				defer mu.Unlock()
				stay, why = stay+1, err
			}
			return nil
		})
	}
	_ = group.Wait() // the errors are counted
	if stay > 0 {
		s.result.Warnings = append(s.result.Warnings, fmt.Sprintf("%d of %d %ss stay where they were made: %v", stay, len(s.made),
			s.result.Record, why))
	}
	return context.Cause(ctx)
}

// leadTo takes a record to a state, by the shortest chain of legal updates.
func (s *session) leadTo(ctx context.Context, id, token, from, to string) error {
	attempt := client.Attempt{ID: id, From: from}
	if s.api.Counting {
		attempt.Token = api.Integer(token)
	} else {
		attempt.TokenText = token
	}
	for _, next := range s.api.States.Route(from, to) {
		attempt.To, attempt.Marker = next, s.dice.drawWord()
		got := s.client.Update(ctx, &attempt)
		if !got.OK() {
			return got.Failure()
		}
		if attempt.From, attempt.Token, attempt.TokenText = next, got.Token, got.TokenText; got.Token < 0 && got.TokenText == "" {
			return nil // the answer names no token to go on with
		}
	}
	return nil
}

// chooseState returns the state of record i of n on a day that is under way, where records are
// made in the state first.
func chooseState(states *api.States, first string, i, n int) string {
	way := []string{first}
	for _, state := range states.Names {
		if state != first && !states.IsFinal(state) && states.Route(first, state) != nil {
			way = append(way, state)
		}
	}
	last := len(way) - 1
	switch early := 5 * i / n; {
	case last > 2 && i%12 == 11:
		return way[last]
	case early == 0:
		return way[min(2, last)]
	case early == 1:
		return way[min(1, last)]
	}
	return first
}
