package seed

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"
)

// each runs n calls, Options.Parallel at once, and returns how many succeeded
// and the most telling error. Calls under way are never cut off for another
// one's failure: that would leave them without a fate.
func (s *session) each(ctx context.Context, n int, call func(i int) error) (int, error) {
	var group errgroup.Group
	group.SetLimit(s.opts.Parallel)
	score := &score{patience: s.opts.Parallel}
	for i := range n {
		if ctx.Err() != nil || score.hopeless() {
			break
		}
		group.Go(func() error {
			score.add(call(i))
			return nil
		})
	}
	_ = group.Wait() // the errors are in the score
	if score.err == nil && ctx.Err() != nil {
		return score.done, context.Cause(ctx)
	}
	return score.done, score.err
}

// score counts what came of the calls of one each.
type score struct {
	mu           sync.Mutex
	patience     int
	done, failed int
	err          error // a refusal if there was one, else the first failure
}

func (s *score) add(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.done++
		return
	}
	s.failed++
	if s.err == nil || isRefusal(err) && !isRefusal(s.err) {
		s.err = err
	}
}

// hopeless reports whether going on is pointless: the target refuses, or fails
// more often than it answers.
func (s *score) hopeless() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return isRefusal(s.err) || s.failed >= s.patience && s.failed > s.done
}

// isRefusal reports whether sending the same call again would be answered the
// same.
func isRefusal(err error) bool {
	var failed *callError
	return errors.As(err, &failed) && failed.fate == refused
}
