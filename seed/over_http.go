package seed

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/occbench/occbench/internal/client"
)

// stubborn is how many passes in a row may come to nothing before OverHTTP
// gives up.
const stubborn = 3

// OverHTTP makes sure that the board of a date holds enough usable cards, with
// the calls the shop has. Target's own date is ignored.
//
// The shop has no idempotent create. So a call that may have had an effect is
// not repeated: the board is asked what became of it, and what is then still
// missing is made in another pass. Two concurrent calls with the same tag see
// the same gap and may both fill it; one that the target applies later than
// Options.Settle after giving up on it makes a card too many.
func OverHTTP(ctx context.Context, target client.Config, o Options) (Result, error) {
	o, r, err := o.begin("http")
	if err != nil {
		return r, err
	}
	target.Date = o.Date
	client, err := client.New(target)
	if err != nil {
		return r, err
	}
	defer client.CloseIdle()
	s := newSession(client, o)
	began := time.Now()
	err = s.fill(ctx, &r)
	r.Millis = float64(time.Since(began)) / float64(time.Millisecond)
	if err != nil {
		return r, fmt.Errorf("seeding %s of %s: %w", o.Date, client, err)
	}
	return r, nil
}

// session is one call of OverHTTP.
type session struct {
	caller
	batch string // a word in the notes of every card of this session
	mu    sync.Mutex
	acked map[string]bool // ids of cards the target said it made
	fleet []ownership     // made once, shared by the cards
}

func newSession(client *client.Client, o Options) *session {
	d := &dice{src: o.Rand}
	return &session{
		caller: caller{client: client, opts: o, dice: d},
		batch:  "batch:" + d.word(),
		acked:  map[string]bool{},
	}
}

// fill makes passes until nothing is missing. A failed pass is followed by
// another as long as passes make cards, and all passes together never make more
// than were missing at first: cards that a target makes without ever showing
// them as usable would otherwise be made for ever.
func (s *session) fill(ctx context.Context, r *Result) error {
	seen, err := s.look(ctx)
	if err != nil {
		return err
	}
	r.Found, r.Usable = seen.tagged, seen.usable
	r.warnOfUnknown(seen.unknown)
	r.warnOfOdd(seen.odd)
	allowed := r.Wanted - r.Usable
	for idle := 0; r.Usable < r.Wanted; {
		missing := min(r.Wanted-r.Usable, allowed-r.Created)
		if seen.odd > 0 && missing > 0 {
			return fmt.Errorf(oddRows+"; no more are made, %d of %d are usable", seen.odd, client.TagWord(r.Tag), r.Usable, r.Wanted)
		}
		if r.Found+r.Created == 0 {
			missing = min(missing, 1) // whether the board shows what is made is tried with one
		}
		if missing <= 0 {
			return fmt.Errorf(
				"%d cards were made, as many as were missing, but only %d of %d are usable now; does somebody else move cards tagged %s?",
				r.Created,
				r.Usable,
				r.Wanted,
				client.TagWord(r.Tag),
			)
		}
		before := r.Created
		failed, err := s.pass(ctx, missing, r)
		if err != nil {
			return err
		}
		if idle++; r.Created > before {
			idle = 0
		}
		if idle == stubborn {
			return fmt.Errorf(
				"giving up after %d passes without a new card; %d of %d are there and a second call completes them: %w",
				stubborn,
				r.Usable,
				r.Wanted,
				failed,
			)
		}
	}
	return nil
}

// pass makes what is missing and counts again. The first error is a failure
// that another pass may mend, the second one that ends the session.
func (s *session) pass(ctx context.Context, missing int, r *Result) (failed, fatal error) {
	made, failed := s.make(ctx, missing)
	r.Created += made
	if failed != nil && ctx.Err() != nil {
		return nil, fmt.Errorf("%w; the next call counts before it creates", failed)
	}
	if failed != nil && !isRefusal(failed) {
		if err := sleep(ctx, s.opts.Settle); err != nil {
			return nil, errors.Join(failed, err)
		}
	}
	seen, err := s.recount(ctx)
	if err != nil {
		return nil, errors.Join(failed, err)
	}
	r.Usable, r.Created = seen.usable, seen.created
	if isRefusal(failed) {
		return nil, failed
	}
	return failed, nil
}

// recount looks at the board until it shows every card that the target said it
// made. A board served from a cache shows them late; one that keeps other dates
// than the shop, or drops the notes, never does, and more cards would not help.
func (s *session) recount(ctx context.Context) (tally, error) {
	for look := 1; ; look++ {
		seen, err := s.look(ctx)
		if err != nil || seen.hidden == 0 {
			return seen, err
		}
		if look == stubborn {
			if seen.odd > 0 {
				return seen, fmt.Errorf(oddRows+"; no more are made", seen.odd, client.TagWord(s.opts.Tag))
			}
			return seen, fmt.Errorf(
				"%d cards were created for %s, but its board does not show them with the notes they were given; does the target keep its dates in "+
					"another time zone than UTC?",
				seen.hidden,
				s.opts.Date,
			)
		}
		if err := sleep(ctx, s.opts.Settle); err != nil {
			return seen, err
		}
	}
}
