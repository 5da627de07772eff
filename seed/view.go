package seed

import (
	"bytes"
	"context"
	"fmt"
	"sync"

	"github.com/go-faster/jx"
	"golang.org/x/sync/errgroup"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// view holds our records as the target shows them.
type view struct {
	shown   map[string]string // by id: the token
	states  map[string]string // by id
	usable  []string          // of these, with a token and a legal update left, in the order asked for
	found   int               // records of ours, those whose id cannot be recorded apart
	unknown int               // of these, with a state that the API file does not name
	odd     int               // rows with the tag and without an id that can be recorded
	said    string            // the question and its answer, for a sentence
}

// listMissing returns the ids that are not shown.
func (v *view) listMissing(ids []string) []string {
	var missing []string
	for _, id := range ids {
		if _, ok := v.shown[id]; !ok {
			missing = append(missing, id)
		}
	}
	return missing
}

func (v *view) add(states *api.States, counting bool, id string, token []byte, state string) {
	v.found++
	v.shown[id], v.states[id] = string(token), state
	named := len(states.Names) > 0
	if named && !states.IsValid(state) {
		v.unknown++
	}
	hasToken := len(token) > 0 && (!counting || api.Integer(string(token)) > 0)
	if hasToken && !(named && states.IsFinal(state)) {
		v.usable = append(v.usable, id)
	}
}

// viewRecords asks what the target shows of our records: by its list where it has one,
// which a run reads too, else by a read of each id.
func (s *session) viewRecords(ctx context.Context, ids []string) (*view, error) {
	if s.api.List != nil {
		return s.lookAtList(ctx, ids)
	}
	return s.lookAtEach(ctx, ids)
}

// viewUntilShown looks until the target shows what it said it made. One that answers from
// a cache shows it late; one that keeps other dates, or drops the tag, never does,
// and more records would not help.
func (s *session) viewUntilShown(ctx context.Context, ids, acked []string) (*view, error) {
	for look := 1; ; look++ {
		seen, err := s.viewRecords(ctx, ids)
		if err != nil {
			return nil, err
		}
		hidden := seen.listMissing(acked)
		if len(hidden) == 0 {
			return seen, nil
		}
		if look == stubborn {
			return nil, s.newNotShownError(hidden, seen)
		}
		if err := waitFor(ctx, s.opts.Settle); err != nil {
			return nil, err
		}
	}
}

// newNotShownError returns the error that the target does not show what it said it made.
func (s *session) newNotShownError(hidden []string, seen *view) error {
	if seen.odd > 0 {
		return fmt.Errorf(oddRows+"; no more are made", seen.odd, client.TagWord(s.opts.Tag))
	}
	hint := ""
	if s.result.Date != "" {
		hint = "; does the target keep its dates in another time zone than UTC?"
	}
	what, where := s.result.Record+" "+history.EncodeText(hidden[0])+" was created and is not shown", seen.said
	if len(hidden) > 1 {
		what = fmt.Sprintf("%d %ss were created and are not shown", len(hidden), s.result.Record)
	}
	if s.isTagged() && s.api.IDs == nil {
		what += " with the tag " + client.TagWord(s.opts.Tag)
	}
	return fmt.Errorf("%s: %s; %s%s", what, s.last, where, hint)
}

// oddRows says how many rows of which tag cannot be used.
const oddRows = "%d rows tagged %s have an id that cannot be recorded: it is missing, longer than 1,024 bytes as history.csv writes it, " +
	"or a . or .. that no path can hold"

func (s *session) warnOfOdd(rows int) {
	if rows > 0 {
		s.result.Warnings = append(s.result.Warnings, fmt.Sprintf(oddRows, rows, client.TagWord(s.opts.Tag)))
	}
}

func (s *session) lookAtList(ctx context.Context, ids []string) (*view, error) {
	call, v := &s.api.List.Request, s.newValues("")
	got, err := s.askUntilAnswered(ctx, "reading the "+s.api.Words.List, call, v)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	seen := &view{shown: map[string]string{}, states: map[string]string{}, said: got.describe()}
	err = s.api.List.Rows(&api.ListScratch{}, got.response(), v, func(row *api.Row) {
		switch id := string(row.ID); {
		case !s.isOurs(row, wanted):
		case !isUsableID(id):
			seen.odd++
		default:
			seen.add(&s.api.States, s.api.Counting, id, bytes.Clone(row.Token), string(row.State))
		}
	})
	if err != nil && !s.mayLackShared(got.Status) {
		return nil, fmt.Errorf("reading the %s: %w; %s", s.api.Words.List, err, got.describe())
	}
	if s.api.IDs != nil {
		seen.usable = filterInOrder(ids, seen.usable)
	}
	return seen, nil
}

// mayLackShared reports whether a refused read may come from what records refer to, such as
// a table, which is made before the first of them.
func (s *session) mayLackShared(status int) bool {
	return !s.began && status >= 400 && s.api.Seed != nil && len(s.api.Seed.Once) > 0
}

// isOurs reports whether a row of the list is a record of ours.
func (s *session) isOurs(row *api.Row, wanted map[string]bool) bool {
	switch {
	case s.api.IDs != nil || !s.isTagged():
		return wanted[string(row.ID)]
	case s.api.List.HasTag():
		return client.HasTag(string(row.Tag), s.opts.Tag)
	}
	return true // the list was asked for our tag alone
}

// isUsableID reports whether an id can be recorded and sent back in a path.
func isUsableID(id string) bool { return history.Recordable(id) && id != "." && id != ".." }

// filterInOrder returns those of some ids that are in a set, in their order.
func filterInOrder(ids, set []string) []string {
	in := map[string]bool{}
	for _, id := range set {
		in[id] = true
	}
	var kept []string
	for _, id := range ids {
		if in[id] {
			kept = append(kept, id)
		}
	}
	return kept
}

func (s *session) lookAtEach(ctx context.Context, ids []string) (*view, error) {
	seen := &view{shown: map[string]string{}, states: map[string]string{}}
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(s.opts.Parallel)
	for _, id := range ids {
		group.Go(func() error {
			sight, said, err := s.readRecord(ctx, id)
			mu.Lock()
			defer mu.Unlock()
			if seen.said == "" || sight == nil {
				seen.said = said
			}
			if err == nil && sight != nil {
				seen.add(&s.api.States, s.api.Counting, id, sight.Token, sight.State)
			}
			return err
		})
	}
	err := group.Wait()
	seen.usable = filterInOrder(ids, seen.usable)
	return seen, err
}

// readRecord reads one record; nil without an error where the target does not have it.
func (s *session) readRecord(ctx context.Context, id string) (sight *api.Sight, said string, err error) {
	v := s.newValues(id)
	got, err := s.askUntilAnswered(ctx, "reading "+s.api.Words.Record+" "+history.EncodeText(id), &s.api.Read.Request, v)
	if err != nil {
		return nil, "", err
	}
	shown, err := s.api.Read.ReadSight(jx.DecodeBytes(got.Body), &api.Scratch{}, got.response(), v)
	switch {
	case err == nil:
	case s.api.Read.IsMissing(jx.DecodeBytes(got.Body), &api.Scratch{}, got.response(), v) || s.mayLackShared(got.Status):
		return nil, got.describe(), nil
	default:
		return nil, "", fmt.Errorf("reading %s %s: %w; %s", s.api.Words.Record, history.EncodeText(id), err, got.describe())
	}
	shown.Token = bytes.Clone(shown.Token)
	return &shown, got.describe(), nil
}
