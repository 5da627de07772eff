package probe

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/occbench/occbench/internal/api"
)

// bodyLimit is the size of a body, in bytes, that a target must still take.
const bodyLimit = 64 << 10

// strict reports whether an API file says how an invalid request is refused. Only
// then the questions about such requests have an answer that is right.
var strict = describesRefusal(api.Invalid)

func isStateStrict(a *api.API) bool  { return strict(a) && a.Update.StateMember() != "" }
func isNumberStrict(a *api.API) bool { return strict(a) && a.Update.TokenMember() != "" && a.Counting }

// namesUnknown reports whether the server names the records and the API file says how an
// id that it does not know is refused.
func namesUnknown(a *api.API) bool { return a.Update.Describes(api.Unknown) && a.IDs == nil }

// refusals ask for what must be refused whatever the token.
var refusals = []question{
	{name: "token_ill_typed", expects: "{invalid} naming {token}", severity: Deviation, records: 1,
		why: "a token that is guessed from a string is a token that was not read", of: isNumberStrict,
		ask: askSpoiled("token_ill_typed", spoil{value: `"%d"`})},
	{name: "token_negative", expects: "{invalid} naming {token}", severity: Deviation, records: 1,
		why: "tokens count from 1; anything else is a client's fault and no conflict", of: isNumberStrict,
		ask: askSpoiled("token_negative", spoil{value: `-1`, blind: true})},
	{name: "state_missing", expects: "{invalid} naming {state}", severity: Deviation, records: 1,
		why: "an update to nowhere is a client's fault and no conflict", of: isStateStrict,
		ask: askSpoiled("state_missing", spoil{state: true})},
	{name: "state_unknown", expects: "{invalid} naming {state}", severity: Deviation, records: 1,
		why: "a {record} in an unknown state is lost to its list", of: isStateStrict,
		ask: askSpoiled("state_unknown", spoil{state: true, value: `"occbench_nowhere"`, unheld: true})},
	{name: "body_not_json", expects: "{invalid}", severity: Deviation, records: 1,
		why: "a broken client is told so, not answered with a server error", of: isStateStrict, ask: (*session).askNoJSON},
	{name: "body_too_large", expects: "413", severity: Deviation, records: 1,
		why: "a server without a limit is stopped by one request", of: isStateStrict, ask: (*session).askTooLarge},
	{name: "unknown_id", expects: "{unknown}", severity: Deviation, writes: true,
		why: "a {record} that is gone is told from one that others updated, and is not made by an update", ask: (*session).askUnknownID},
	{name: "non_numeric_id", expects: "{unknown}", severity: Deviation, writes: true,
		why: "an id that cannot exist must not reach the store as an error", of: namesUnknown,
		ask: func(s *session, ctx context.Context) { s.askID(ctx, "non_numeric_id", nonNumericID) }},
	{name: "id_aliases", expects: "{unknown} for ids that are like the {record}'s: with a blank, a leading zero, or 2^32 more",
		severity: Deviation, records: 1,
		why: "one {record} under two ids has two histories, and a number that is cut off updates another {record}",
		of:  func(a *api.API) bool { return namesUnknown(a) && hasRead(a) }, ask: (*session).askAliases},
	{name: "wrong_method", expects: "405 with Allow: {method}", severity: Deviation, writes: true,
		why: "a proxy that turns one method into another is noticed", of: func(a *api.API) bool {
			return strict(a) && a.Update.Method == http.MethodPost
		}, ask: (*session).askWrongMethod},
	{name: "refusal_form", expects: "every refusal has the form that the API file says", severity: Deviation,
		why: "a refusal is classified by its code", of: func(a *api.API) bool { return a.Update.DescribesForm() }},
}

// spoil is a change to the member of a body that holds the token or the state. It
// does the least if a target takes it: a legal step to a state that is not final, or
// a token that no record has where the state is what is wrong.
type spoil struct {
	state  bool   // the member is the state, else the token
	value  string // that the member gets; empty: the member is left out
	blind  bool   // it names no token that was read, so that accepting it is a lost update
	unheld bool   // the token is one that no record has
}

// body returns the spoiled body of an update, and the name of the member that is wrong
// in it.
func (b *spoil) body(s *session, v *api.Vars) (body []byte, member string, err error) {
	u := &s.api.Update
	if member = u.TokenMember(); b.state {
		member = u.StateMember()
	}
	whole, err := u.AppendBody(nil, v)
	if err != nil {
		return nil, member, err
	}
	all, _ := api.Members(whole)
	var kept []api.Member
	for _, m := range all {
		switch {
		case m.Name != member:
		case b.value == "":
			continue
		default:
			m.Value = []byte(strings.ReplaceAll(b.value, "%d", string(v.Token)))
		}
		kept = append(kept, m)
	}
	return api.Object(kept), member, nil
}

// askSpoiled returns a function that sends an update with a spoiled body and judges the answer.
func askSpoiled(name string, b spoil) func(*session, context.Context) {
	return func(s *session, ctx context.Context) {
		r := s.records[0]
		v := s.newValues(r.id)
		v.From, v.To, v.Token = r.state, s.chooseState(r), []byte(r.token)
		if b.unheld {
			v.Token = []byte(s.forgeToken(r))
		}
		body, member, err := b.body(s, v)
		if err != nil {
			s.markSkipped(name, "%s", err)
			return
		}
		before := r.token
		a := s.askWith(ctx, v, body)
		if s.markUndecided(name, a) {
			return
		}
		s.judgeRefusal(name, a, api.Invalid, member)
		s.refreshAfter(ctx, name, r, before, a)
		if b.blind && a.isAccepted() && !s.isSameToken(r.token, before) {
			s.proveBlind(name, r, v, &a)
		}
	}
}

// makeUnheldUpdate returns the values and the body of an update whose token no record has.
func (s *session) makeUnheldUpdate(r *record) (*api.Vars, []byte, error) {
	v := s.newValues(r.id)
	v.From, v.To, v.Token = r.state, s.chooseState(r), []byte(s.forgeToken(r))
	body, err := s.api.Update.AppendBody(nil, v)
	return v, body, err
}

// askNoJSON sends the beginning of a body.
func (s *session) askNoJSON(ctx context.Context) {
	r := s.records[0]
	v, whole, err := s.makeUnheldUpdate(r)
	if err != nil {
		s.markSkipped("body_not_json", "%s", err)
		return
	}
	before := r.token
	a := s.askWith(ctx, v, whole[:len(whole)/2])
	if s.markUndecided("body_not_json", a) {
		return
	}
	s.judgeRefusal("body_not_json", a, api.Invalid, "")
	s.refreshAfter(ctx, "body_not_json", r, before, a)
}

// askTooLarge sends a body that is one byte over the limit and else in order,
// but for a token that no record has.
func (s *session) askTooLarge(ctx context.Context) {
	v, whole, err := s.makeUnheldUpdate(s.records[0])
	if err != nil {
		s.markSkipped("body_too_large", "%s", err)
		return
	}
	head, tail := append(whole[:len(whole)-1:len(whole)-1], `,"padding":"`...), []byte(`"}`)
	padding := bytes.Repeat([]byte("x"), bodyLimit+1-len(head)-len(tail))
	a := s.askWith(ctx, v, bytes.Join([][]byte{head, padding, tail}, nil))
	a.asked += fmt.Sprintf(" (%d bytes)", bodyLimit+1)
	switch {
	case s.markUndecided("body_too_large", a):
	case a.status != http.StatusRequestEntityTooLarge:
		s.markDifferent("body_too_large", a, "it is answered %s", a.describe())
	default:
		s.markKept("body_too_large", a)
	}
}

func (s *session) askWrongMethod(ctx context.Context) {
	id := unknownID
	if len(s.records) > 0 {
		id = s.records[0].id
	}
	v := s.newValues(id)
	path, err := s.api.Update.AppendPath(nil, v)
	if err != nil {
		s.markSkipped("wrong_method", "%s", err)
		return
	}
	a := s.askPatiently(ctx, func() answer {
		return s.receiveAnswer(ctx, http.MethodGet+" "+string(path), false, v, s.makeGetter(ctx, string(path)))
	})
	switch {
	case s.markUndecided("wrong_method", a):
	case a.status != http.StatusMethodNotAllowed:
		s.markDifferent("wrong_method", a, "it is answered %s", a.describe())
	case !strings.Contains(a.header.Get("Allow"), s.api.Update.Method):
		s.markDifferent("wrong_method", a, "Allow is %s", quoteText(a.header.Get("Allow")))
	default:
		s.markKept("wrong_method", a)
	}
}
