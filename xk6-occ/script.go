package occ

import (
	"context"
	"errors"
	"fmt"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/run"
)

// script makes the calls of an operator by functions of the script, for what an API
// file cannot say: GraphQL, gRPC. What they return is recorded and judged as the
// answers of any API.
type script struct {
	*instance
	by           *api.API
	records      []string
	read, update sobek.Callable
	misuse       error // what a function returned and must not
}

// The members of OperatorOptions that make a script, beside those of the table.
const (
	readOption    = "read"
	updateOption  = "update"
	recordsOption = "records"
)

// newScript returns the functions in the options of a script; nil where there are none.
func (i *instance) newScript(options sobek.Value, p *run.Spec) (*script, error) {
	if common.IsNullish(options) {
		return nil, nil
	}
	object := options.ToObject(i.vu.Runtime())
	read, reads := sobek.AssertFunction(object.Get(readOption))
	update, updates := sobek.AssertFunction(object.Get(updateOption))
	records := object.Get(recordsOption)
	switch {
	case !reads && !updates && common.IsNullish(records):
		return nil, nil
	case !reads || !updates:
		return nil, errors.New("reading the options: read(record) and update(record, token, to, marker) are functions and go together")
	case p.DoubleUpdates > 0 || p.Refresh > 0 || p.IsOpen() && p.Pick.String() == "own":
		return nil, errors.New(
			"reading the options: with read and update of one's own there is one call at a time and no list: no doubleUpdates, no refresh",
		)
	}
	s := &script{instance: i, read: read, update: update}
	if !common.IsNullish(records) {
		if err := i.vu.Runtime().ExportTo(records, &s.records); err != nil {
			return nil, fmt.Errorf("reading option %s: want an array of ids: %w", recordsOption, err)
		}
	}
	var err error
	s.by, err = i.scriptAPI(object, p)
	return s, err
}

// scriptAPI returns how the records of a script are judged: as the API file says that
// was named, or with opaque tokens, markers and no states.
func (i *instance) scriptAPI(options *sobek.Object, p *run.Spec) (*api.API, error) {
	_, named := i.readEnv()("OCC_API")
	if !named && common.IsNullish(options.Get("api")) {
		return &api.API{Name: "script", Words: noun.Words{Record: "record", Update: "update", List: "list"}, Marked: true}, nil
	}
	a, err := i.run.api(p)
	if err != nil {
		return nil, err
	}
	by := *a
	by.List, by.Marked = nil, true
	return &by, nil
}

// API says what the functions speak.
func (s *script) API() *api.API { return s.by }

// Clock is the clock of the run.
func (s *script) Clock() int64 { return s.run.clock.now() }

// Serial says that there is one call at a time: a VU has one JavaScript runtime.
func (s *script) Serial() {}

// List is never asked: a script reads its records one by one.
func (s *script) List(context.Context, *client.List) client.Answer {
	now := s.Clock()
	return client.Answer{Outcome: history.Rejected, Token: history.None, Start: now, End: now, Err: errors.New("a script has no list")}
}

// Read calls read(record).
func (s *script) Read(_ context.Context, r *client.Record) client.Answer {
	id := r.ID
	*r = client.Record{ID: id}
	a, said := s.call(readOption, s.read, history.Seen, s.vu.Runtime().ToValue(id))
	if said == nil {
		if a.Outcome == 0 {
			a.Outcome = history.Absent
		}
		return a
	}
	if a.Outcome != history.Seen {
		return a
	}
	token := said.text("token")
	if s.by.Counting {
		r.Token = api.Integer(token)
	} else {
		r.TokenText = token
	}
	r.State, r.Marker = said.text("state"), said.text("marker")
	if err := r.CheckUpdatable(s.by); err != nil {
		a.Outcome, a.Err = history.Malformed, fmt.Errorf("reading what read(%s) returned: %w", history.EncodeText(id), err)
		*r = client.Record{ID: id}
	}
	return a
}

// Update calls update(record, token, to, marker).
func (s *script) Update(_ context.Context, m *client.Attempt) client.Answer {
	rt := s.vu.Runtime()
	token := rt.ToValue(m.TokenText)
	if s.by.Counting {
		token = rt.ToValue(m.Token)
	}
	a, said := s.call(updateOption, s.update, history.Applied, rt.ToValue(m.ID), token, rt.ToValue(m.To), rt.ToValue(m.Marker))
	if said == nil {
		if a.Outcome == 0 {
			a.Outcome, a.Err = history.Malformed, errors.New("update returned nothing")
		}
		return a
	}
	a.Code, a.State = said.text("code"), said.text("state")
	if text := said.text("token"); s.by.Counting {
		if n := api.Integer(text); n > 0 {
			a.Token = n
		}
	} else {
		a.TokenText = text
	}
	return a
}

// call calls a function and returns when that was, how it is classed and the object
// that it returned; nil without one. What it throws is no answer: whether the request arrived is not
// known.
func (s *script) call(name string, f sobek.Callable, good history.Outcome, args ...sobek.Value) (client.Answer, *said) {
	a := client.Answer{Token: history.None, Start: s.Clock()}
	value, err := f(sobek.Undefined(), args...)
	a.End = s.Clock()
	if err != nil {
		a.Outcome, a.End, a.Err = history.NoAnswer, history.None, fmt.Errorf("%s threw: %w", name, err)
		s.warnThrow(a.Err)
		return a, nil
	}
	if common.IsNullish(value) {
		return a, nil
	}
	object := value.ToObject(s.vu.Runtime())
	if _, promised := sobek.AssertFunction(object.Get("then")); promised {
		s.misuse = fmt.Errorf("%s returned a promise: it has to return the answer, so it cannot be async", name)
		a.Outcome, a.Err = history.Malformed, s.misuse
		return a, nil
	}
	got := &said{script: s, name: name, object: object}
	a.HTTP = got.status()
	if a.Outcome = got.outcome(good, a.HTTP); a.Outcome == history.NoAnswer {
		a.End, a.HTTP = history.None, 0
	}
	return a, got
}

// warnThrow says once in a process what a function threw: it may be a mistake of the
// script.
func (s *script) warnThrow(err error) {
	if state := s.vu.State(); state != nil && s.run.threw.CompareAndSwap(false, true) {
		state.Logger.Warnf("%v; it is recorded as a request without an answer", err)
	}
}
