package api

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-faster/jx"
)

// List is the call that shows many records at once.
type List struct {
	Request
	ok     condition
	answer *reader
	record *reader
	id     field
	token  field
	state  field
	tag    field
	tagged *node // of the tag, where it stands in JSON
	// grouped says that the name which .* stood for is the state of its records.
	grouped bool
}

// Field returns the name of the member of a record that holds its token, state or
// tag; empty where there is none.
func (l *List) Field(what string) string {
	at := map[string]field{"token": l.token, "state": l.state, "tag": l.tag}[what]
	if len(at) == 0 {
		return ""
	}
	return at[0].source[strings.LastIndex(at[0].source, ".")+1:]
}

// Row is one record as a list shows it. Its texts belong to the body; nil where
// nothing usable stands.
type Row struct {
	ID, Token, State, Tag []byte
	Group                 []byte // the state of the group that it stands in; nil where the API has no groups
}

// ListScratch is the memory of one reading of a list at a time.
type ListScratch struct {
	// WithoutTags leaves the tags of records unread.
	WithoutTags bool

	outer, inner Scratch
	list         *List
	response     *Response
	use          func(*Row)
	row          Row
}

// Forget lets go of the answer that was read last.
func (s *ListScratch) Forget() {
	s.outer.Forget()
	s.inner.Forget()
	s.list, s.response, s.use, s.row = nil, nil, nil, Row{}
}

// Rows reads a list and hands each of its records to use. An error says what is
// missing that the file promises; records may have been handed out by then.
func (l *List) Rows(d *jx.Decoder, s *ListScratch, r *Response, v *Vars, use func(*Row)) error {
	if !l.ok.hasStatus(r.Status) {
		return fmt.Errorf("it has HTTP status %d", r.Status)
	}
	s.list, s.response, s.use = l, r, use
	outer := s.outer.of(l.answer)
	outer.rows = s
	if err := l.answer.read(d, outer); err != nil {
		return err
	}
	if words := l.ok.fails(outer.values, r, v); words != "" {
		return errors.New(words)
	}
	return nil
}

// take reads the record before which the decoder stands.
func (s *ListScratch) take(d *jx.Decoder, group []byte) error {
	l := s.list
	inner := s.inner.of(l.record)
	clear(inner.values)
	if inner.skip = nil; s.WithoutTags {
		inner.skip = l.tagged
	}
	if err := inner.walk(d, l.record.root); err != nil {
		return err
	}
	s.row = Row{
		ID:    l.id.word(inner.values, s.response),
		Token: l.token.word(inner.values, s.response),
		State: l.state.str(inner.values, s.response),
		Tag:   l.tag.str(inner.values, s.response),
	}
	if l.grouped {
		s.row.Group = group
	}
	s.use(&s.row)
	return nil
}
