package probe

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/wait"
)

// refreshRecord brings a record up to what the target shows of it: by its own call where
// that works, since a list may hold a hundred thousand records. A weak tag is given
// the time to become a strong one.
func (s *session) refreshRecord(ctx context.Context, r *record) error {
	if s.api.Read == nil || s.isLineIn("read", Differs) && s.api.List != nil {
		return s.refreshFromList(ctx, r)
	}
	if err := s.refreshRecordOnce(ctx, r); err != nil {
		return err
	}
	if s.api.Counting || s.alwaysWeak || !isWeak(r.token) {
		return nil
	}
	s.weak = r.token
	const looks = 10
	for range looks + 1 {
		if err := wait.For(ctx, coarse/looks); err != nil {
			return err
		}
		if err := s.refreshRecordOnce(ctx, r); err != nil || !isWeak(r.token) {
			return err
		}
	}
	s.alwaysWeak = true
	return nil
}

// isWeak reports whether a token is a tag that no If-Match matches.
func isWeak(token string) bool { return strings.HasPrefix(token, "W/") }

// coarse is the coarsest clock that servers make tokens and times of.
const coarse = time.Second

func (s *session) refreshRecordOnce(ctx context.Context, r *record) error {
	a, sight, err := s.readRecord(ctx, r.id)
	if err != nil {
		return fmt.Errorf("reading %s: the answer is %s: %w", s.nameRecord(r), a.describe(), err)
	}
	r.token, r.state, r.marker = s.canonicalToken(string(sight.Token)), sight.State, string(sight.Marker)
	s.recordRead(r, &a)
	return nil
}

// readRecord asks for a record by its own call: an error when the answer lacks what an
// update needs.
func (s *session) readRecord(ctx context.Context, id string) (answer, api.Sight, error) {
	v := s.newValues(id)
	a := s.ask(ctx, &s.api.Read.Request, v)
	if a.err != nil {
		return a, api.Sight{}, a.err
	}
	sight, err := s.api.Read.ReadSight(jx.DecodeBytes(a.body), &api.Scratch{}, a.response(), v)
	if err == nil {
		err = s.findLack(sight.Token, sight.State)
	}
	return a, sight, err
}

// findLack returns what a token and a state lack of what the API file says, or nil.
func (s *session) findLack(token []byte, state string) error {
	switch {
	case len(token) == 0:
		return fmt.Errorf("it shows no token")
	case s.api.Counting && (api.Integer(string(token)) < 1 || bytes.ContainsAny(token, ".eE")):
		return fmt.Errorf("its token is %s, which is not written as an integer from 1", shortenToken(string(token)))
	case len(s.states().Names) > 0 && !s.states().IsValid(state):
		return fmt.Errorf("its state is %s, which the API file does not name", quoteText(state))
	}
	return nil
}

// quoteText returns a text of the target for a sentence.
func quoteText(text string) string {
	if text == "" {
		return "(absent)"
	}
	return fmt.Sprintf("%q", client.Excerpt([]byte(text)))
}

// refreshFromList brings a record up to what the list shows.
func (s *session) refreshFromList(ctx context.Context, r *record) error {
	rows, a, err := s.readList(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.id == r.id {
			home := r.home
			*r = row
			r.home = home
			s.recordRead(r, &a)
			return nil
		}
	}
	return fmt.Errorf("reading the %s: %s is no longer on it", s.api.Words.List, s.nameRecord(r))
}

// viewRecord brings a record up to what an operator sees of it: by the list where the API
// has one.
func (s *session) viewRecord(ctx context.Context, r *record) error {
	if s.api.List == nil {
		return s.refreshRecord(ctx, r)
	}
	return s.refreshFromList(ctx, r)
}

// readList reads the list, once more where that fails.
func (s *session) readList(ctx context.Context) (rows []record, a answer, err error) {
	for range patience {
		if rows, a, err = s.readListOnce(ctx); err == nil {
			return rows, a, nil
		}
	}
	return nil, a, fmt.Errorf("reading the %s: %w", s.api.Words.List, err)
}

// readListOnce reads the list: all of its rows whose id can be recorded.
func (s *session) readListOnce(ctx context.Context) (rows []record, a answer, err error) {
	v := s.newValues("")
	if a = s.ask(ctx, &s.api.List.Request, v); a.err != nil {
		return nil, a, a.err
	}
	s.odd = 0
	err = s.api.List.Rows(&api.ListScratch{}, a.response(), v, func(row *api.Row) {
		r := record{id: string(row.ID), token: s.canonicalToken(string(row.Token)), raw: string(row.Token), state: string(row.State),
			marker: string(row.Marker),
			tag:    string(row.Tag), changed: string(row.Changed)}
		switch {
		case history.Recordable(r.id) && r.id != "." && r.id != "..":
			rows = append(rows, r)
		case s.isTagged(&r):
			s.odd++
		}
	})
	return rows, a, err
}

// isTagged reports whether a row carries our tag, or the list was asked for it.
func (s *session) isTagged(r *record) bool {
	if s.api.List.HasTag() {
		return client.HasTag(r.tag, s.opts.Tag)
	}
	return s.api.List.Uses("tag")
}
