package client

import (
	"context"
	"fmt"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// Record is a record as a list shows it.
type Record struct {
	ID string
	// State is what the row says, which need not be a state of the API; empty when
	// it says nothing that can be recorded.
	State string
	Group string // the state under which the row is listed; empty unless this and the row's own are states of the API
	Token int64  // from 1; 0 when the row holds no such number
	Tag   string // the text that holds the tag; only of a List that wants tags
}

// Misplaced reports whether a row stands in the group of another state than its
// own.
func (r *Record) Misplaced() bool { return r.Group != "" && r.State != r.Group }

// List is what one read of the list showed. It reuses its memory from read
// to read, so an operator keeps one; it is not for concurrent use. The zero
// List is ready.
type List struct {
	Records []Record // in the order of the answer
	// Unusable are the rows without an id that can be recorded, which are not
	// among Records.
	Unusable []Record
	// Tags asks for the tag text of each record.
	Tags bool

	ids    map[string]string // every id is allocated once, not once per read
	states *api.States
	group  listedState    // of the last row
	take   func(*api.Row) // add, bound once
}

// List reads the list into l. The answer is Seen, or l has no records.
func (c *Client) List(ctx context.Context, l *List) Answer {
	mem := enter()
	defer mem.leave()
	got, err := c.exchange(ctx, c.list, nil, mem)
	a := answer(&got, err)
	l.reset()
	switch {
	case err != nil:
	case got.status >= 400:
		a.Code = c.api.Update.Code(mem.decoder(got.body), &mem.scratch, mem.response(&got))
		a.Err = c.explainRoute(&got)
	default:
		c.see(&a, l, &got, mem)
	}
	return a
}

// see reads the body of an answer that is no refusal into the list.
func (c *Client) see(a *Answer, l *List, got *reply, mem *room) {
	if err := l.read(c.api, mem, got); err != nil {
		l.reset()
		a.Err = fmt.Errorf("reading the %s: %w", c.api.Words.List, err)
		return
	}
	a.Outcome = history.Seen
}

// read parses the body of an answer.
func (l *List) read(a *api.API, mem *room, got *reply) error {
	l.reset()
	l.forget()
	l.states, l.group = &a.States, listedState{}
	if l.take == nil {
		l.take = l.add
	}
	mem.rows.WithoutTags = !l.Tags
	return a.List.Rows(mem.decoder(got.body), &mem.rows, mem.response(got), mem.vars(), l.take)
}

// add appends one record, or a row that is none to the unusable ones.
func (l *List) add(row *api.Row) {
	if string(row.Group) != l.group.text {
		l.group = l.of(row.Group)
	}
	r := Record{ID: l.id(row.ID), Token: api.Integer(string(row.Token))}
	if l.group.known && string(row.State) == l.group.text { // as nearly all are
		r.State, r.Group = l.group.text, l.group.text
	} else if state := l.of(row.State); state.known || history.Recordable(state.text) {
		r.State = state.text
		if state.known && l.group.known {
			r.Group = l.group.text
		}
	}
	if l.Tags {
		r.Tag = string(row.Tag)
	}
	if r.ID == "" {
		l.Unusable = append(l.Unusable, r)
		return
	}
	l.Records = append(l.Records, r)
}

// id returns the one copy of an id; "" for one that cannot be recorded, or that no
// server takes for one segment of a path.
func (l *List) id(text []byte) string {
	id, known := l.ids[string(text)]
	if known {
		return id
	}
	id = string(text)
	if !history.Recordable(id) || id == "." || id == ".." {
		return ""
	}
	l.ids[id] = id
	return id
}

// listedState is a state as a list says it.
type listedState struct {
	text  string
	known bool // it is one of the API's
}

func (l *List) of(text []byte) listedState {
	s := listedState{text: l.states.Intern(text)}
	s.known = l.states.Valid(s.text)
	return s
}

func (l *List) reset() {
	l.Records = l.Records[:0]
	l.Unusable = l.Unusable[:0]
}

// forget bounds the memory that ids hold when a target shows ever new ones.
func (l *List) forget() {
	if l.ids == nil || len(l.ids) > 4*len(l.Records)+1024 {
		l.ids = make(map[string]string, len(l.Records))
	}
}
