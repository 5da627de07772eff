package seed

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/go-faster/jx"
	"golang.org/x/sync/errgroup"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/history"
)

// Cleaned counts the records that CleanOverHTTP removed.
type Cleaned struct {
	API     string  `json:"api"`
	Tag     string  `json:"tag"`
	Date    string  `json:"date,omitempty"`
	Record  string  `json:"record"` // what the API calls a record
	Found   int     `json:"found"`
	Removed int     `json:"removed"`
	Millis  float64 `json:"duration_ms"`
}

// String is the one line a command prints.
func (c Cleaned) String() string {
	day := ""
	if c.Date != "" {
		day = " on " + c.Date
	}
	return fmt.Sprintf("%d removed: all %ss tagged %s%s", c.Removed, c.Record, client.TagWord(c.Tag), day)
}

// gap is how many names in a row without a record end the search for records that
// have names of ours.
const gap = 64

// CleanOverHTTP removes our records with the call of the API file, those in a final
// state too. What they refer to stays. A second call after an error goes on.
func CleanOverHTTP(ctx context.Context, target client.Config, o Options) (Cleaned, error) {
	s, err := newSession(target, o, false)
	if err != nil {
		return Cleaned{}, err
	}
	defer s.client.CloseIdle()
	c := Cleaned{API: s.api.Name, Tag: s.opts.Tag, Date: s.result.Date, Record: s.result.Record}
	if s.api.Seed == nil || s.api.Seed.Delete == nil {
		return c, exit.Usagef("removing %ss tagged %s: API %s has no `delete` below `seed`, so they cannot be removed over HTTP; where "+
			"the target keeps them in PostgreSQL, "+
			"--database-url removes them",
			c.Record, client.TagWord(c.Tag), s.api.Name)
	}
	began := time.Now()
	err = s.removeRecords(ctx, &c)
	c.Millis = float64(time.Since(began)) / float64(time.Millisecond)
	if err != nil {
		return c, fmt.Errorf("removing %ss tagged %s from %s, %d of %d are gone: %w", c.Record, client.TagWord(c.Tag), s.client, c.Removed,
			c.Found, err)
	}
	return c, nil
}

// removeRecords removes what is found and makes sure that it is no longer shown.
func (s *session) removeRecords(ctx context.Context, c *Cleaned) error {
	ours, err := s.findAll(ctx)
	if err != nil {
		return err
	}
	ids := slices.Sorted(maps.Keys(ours))
	c.Found = len(ids)
	failed := s.removeAll(ctx, ours, c)
	for look := 1; failed == nil && len(ids) > 0; look++ {
		seen, err := s.viewRecords(ctx, ids)
		if err != nil {
			return err
		}
		left := len(ids) - len(seen.listMissing(ids))
		if left == 0 {
			break
		}
		if look == stubborn {
			c.Removed = c.Found - left
			return fmt.Errorf("%s; %d are shown all the same: %s", s.last, left, seen.said)
		}
		if err := waitFor(ctx, s.opts.Settle); err != nil {
			return err
		}
	}
	if failed != nil {
		return failed
	}
	return s.removeShared(ctx)
}

// removeShared removes what the calls before the first record made, with the calls
// of the file that do.
func (s *session) removeShared(ctx context.Context) error {
	for _, call := range s.api.Seed.Done {
		if _, err := s.create(ctx, "removing what "+s.result.Record+"s refer to", call, s.newValues(""), true); err != nil {
			return err
		}
	}
	return nil
}

// findAll returns our records with their tokens.
func (s *session) findAll(ctx context.Context) (map[string]string, error) {
	if s.api.IDs == nil {
		seen, err := s.viewRecords(ctx, s.opts.Known)
		if err != nil {
			return nil, err
		}
		return seen.shown, nil
	}
	ours := map[string]string{}
	for n := 1; ; n += gap {
		names := make([]string, gap)
		for i := range names {
			names[i] = s.api.RecordID(s.opts.Tag, n+i)
		}
		seen, err := s.viewRecords(ctx, names)
		if err != nil {
			return nil, err
		}
		if len(seen.shown) == 0 {
			return ours, nil
		}
		maps.Copy(ours, seen.shown)
	}
}

// removeAll removes records, several at once, and returns the first failure.
func (s *session) removeAll(ctx context.Context, ours map[string]string, c *Cleaned) error {
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(s.opts.Parallel)
	for id, token := range ours {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			err := s.removeRecord(ctx, id, token)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				c.Removed++
			}
			return err
		})
	}
	err := group.Wait()
	if err == nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// removeRecord removes one record. To remove it twice does no harm; one whose token is
// stale by now is read again.
func (s *session) removeRecord(ctx context.Context, id, token string) error {
	what := "deleting " + s.result.Record + " " + history.EncodeText(id)
	call := s.api.Seed.Delete
	for attempt := 1; ; attempt++ {
		v := s.newValues(id)
		v.Token = []byte(token)
		a, failed := s.sendCall(ctx, what, &call.Request, v)
		if failed == nil {
			err := call.Check(jx.DecodeBytes(a.Body), &api.Scratch{}, a.response(), v)
			if err == nil {
				s.mu.Lock()
				s.last = a.describe()
				s.mu.Unlock()
				return nil
			}
			failed = &callError{what: what, fate: s.classifyAnswer(&a), wait: retryAfter(a.Header), cause: s.explainAnswer(&a, err)}
		}
		if failed.fate == refused && !call.NeedsToken() || attempt >= s.opts.Attempts || ctx.Err() != nil {
			return failed
		}
		if err := waitFor(ctx, s.choosePause(attempt, failed.wait)); err != nil {
			return errors.Join(failed, err)
		}
		if call.NeedsToken() {
			seen, err := s.viewRecords(ctx, []string{id})
			if err != nil {
				return err
			}
			if newer, there := seen.shown[id]; there {
				token = newer
			} else {
				return nil
			}
		}
	}
}
