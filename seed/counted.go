package seed

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/exit"
)

// fillCounted makes records that the server names, in passes until nothing is
// missing. A failed pass is followed by another as long as passes make records, and
// all passes together never make more than were missing at first: records that a
// target makes without ever showing them as usable would otherwise be made for ever.
func (s *session) fillCounted(ctx context.Context) error {
	if err := s.checkTold(); err != nil {
		return err
	}
	seen, err := s.viewRecords(ctx, s.opts.Known)
	if err != nil {
		return err
	}
	r := &s.result
	r.Found, r.Usable = seen.found, len(seen.usable)
	r.IDs = seen.usable
	r.WarnOfUnknown(seen.unknown)
	s.warnOfOdd(seen.odd)
	defer s.warnOfLost()
	allowed := r.Wanted - r.Usable
	for idle := 0; r.Usable < r.Wanted; {
		missing := min(r.Wanted-r.Usable, allowed-r.Created)
		if seen.odd > 0 && missing > 0 {
			return fmt.Errorf(oddRows+"; no more are made, %d of %d are usable", seen.odd, client.TagWord(r.Tag), r.Usable, r.Wanted)
		}
		if missing <= 0 {
			return fmt.Errorf("%d were made, as many as were missing, but only %d of %d are usable now; do others update records tagged "+
				"%s? %s",
				r.Created, r.Usable, r.Wanted, client.TagWord(r.Tag), seen.said)
		}
		if r.Found+r.Created == 0 {
			missing = 1 // whether the target shows what is made is tried with one
		}
		before := r.Created
		var failed error
		if seen, failed, err = s.makePass(ctx, missing); err != nil {
			return err
		}
		if idle++; r.Created > before {
			idle = 0
		}
		if idle == stubborn {
			return fmt.Errorf("giving up after %d passes without a new record; %d of %d are there and a second call completes them: %w",
				stubborn, r.Usable, r.Wanted, failed)
		}
	}
	return nil
}

// warnOfLost warns of creations that may have made a record which nothing tells.
func (s *session) warnOfLost() {
	if s.lost > 0 && !s.isTagged() {
		s.result.Warnings = append(s.result.Warnings, fmt.Sprintf("%s not answered as they should be; what they made is not known by "+
			"its id and stays",
			amount.Plural(s.lost, "creation was", "creations were")))
	}
}

// checkTold returns an error where nothing tells our records from others.
func (s *session) checkTold() error {
	if s.isTagged() {
		return nil
	}
	if s.api.Seed == nil && len(s.opts.Known) > 0 {
		return nil
	}
	if s.api.Seed != nil && slices.ContainsFunc(s.api.Seed.Each, (*api.SeedCall).NamesRecord) {
		return nil
	}
	return exit.Usagef("API %s tells nothing by which our records are known: want `ids` in its file, a tag in its list, or `id` in "+
		"a call of `each`, the place of the id in the answer", s.api.Name)
}

// makePass makes so many and counts again. The first error is a failure that another
// makePass may mend, the second one that ends the session.
func (s *session) makePass(ctx context.Context, missing int) (seen *view, failed, fatal error) {
	acked, failed := s.makeAll(ctx, make([]string, missing))
	s.acked = append(s.acked, acked...)
	r := &s.result
	r.Created += len(acked)
	if failed != nil && ctx.Err() != nil {
		return nil, nil, s.addHint(ctx, failed)
	}
	if failed != nil && !isRefusal(failed) {
		if err := waitFor(ctx, s.opts.Settle); err != nil {
			return nil, nil, errors.Join(failed, err)
		}
	}
	seen, err := s.viewUntilShown(ctx, append(s.opts.Known[:len(s.opts.Known):len(s.opts.Known)], s.acked...), s.acked)
	if err != nil {
		return nil, nil, errors.Join(failed, err)
	}
	r.IDs, r.Usable = seen.usable, len(seen.usable)
	r.Created = max(len(s.acked), seen.found-r.Found)
	if isRefusal(failed) {
		return seen, nil, failed
	}
	return seen, failed, nil
}
