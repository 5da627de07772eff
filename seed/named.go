package seed

import (
	"context"
	"fmt"

	"github.com/occbench/occbench/internal/noun"
)

// farthest bounds the names that are tried, as a multiple of the records wanted:
// those before were used up by earlier loads.
const farthest = 20

// fillNamed makes records whose ids are ours, from the first name on. Each is looked
// for before it is made, so that a creation of which no answer came can be sent
// again.
func (s *session) fillNamed(ctx context.Context) error {
	r := &s.result
	for n := 1; r.Usable < r.Wanted; {
		if n > farthest*r.Wanted {
			return fmt.Errorf("%d of %d are usable and %d names were tried, whose records are used up; take another --tag, or remove "+
				"them with `occbench seed --clean`", r.Usable, r.Wanted, n)
		}
		batch := r.Wanted - r.Usable
		if n == 1 {
			batch = 1 // whether the target shows what is made is tried with one
		}
		names := make([]string, batch)
		for i := range names {
			names[i] = s.api.RecordID(s.opts.Tag, n+i)
		}
		seen, err := s.makeNamed(ctx, names)
		if err != nil {
			return err
		}
		if r.IDs = append(r.IDs, seen.usable...); n == 1 && r.Created == 1 && len(r.IDs) == 0 {
			return fmt.Errorf("%s was created and is not usable: %s; %s", noun.WithArticle(r.Record), s.last, seen.said)
		}
		r.Usable = len(r.IDs)
		r.WarnOfUnknown(seen.unknown)
		n += batch
	}
	return nil
}

// makeNamed makes those of some names that are not there, and returns what the
// target shows of them all.
func (s *session) makeNamed(ctx context.Context, names []string) (*view, error) {
	seen, err := s.viewRecords(ctx, names)
	if err != nil {
		return nil, err
	}
	missing := seen.listMissing(names)
	s.result.Found += len(names) - len(missing)
	for pass := 1; len(missing) > 0; pass++ {
		acked, failed := s.makeAll(ctx, missing)
		if failed != nil && (ctx.Err() != nil || isRefusal(failed)) {
			s.result.Created += len(acked)
			return nil, s.addHint(ctx, failed)
		}
		if seen, err = s.viewUntilShown(ctx, names, acked); err != nil {
			s.result.Created += len(acked)
			return nil, err
		}
		left := seen.listMissing(names)
		s.result.Created += len(missing) - len(left)
		if missing = left; len(missing) > 0 && pass == stubborn {
			return nil, fmt.Errorf("giving up after %d passes; %d of %d are there and a second call completes them: %w",
				stubborn, s.result.Usable+len(seen.usable), s.result.Wanted, failed)
		}
	}
	return seen, nil
}
