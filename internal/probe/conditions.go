package probe

import (
	"context"
	"fmt"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
)

// conditions ask for updates whose token is stale, never was, is that of another
// record, or is not there.
var conditions = []question{
	{name: "stale_update", expects: "{conflict}", severity: Broken, records: 1,
		why: "accepting it is a lost update", ask: (*session).askStale},
	{name: "conflict_fields", expects: "a conflict shows the present token or state, as the API file says, and what was asked for",
		severity: Deviation, records: 1,
		why: "a client goes on from them without another read", of: func(a *api.API) bool {
			token, state := a.Update.ConflictShows()
			return token || state
		}},
	{name: "stale_illegal_update", expects: "{conflict}, checked before the step", severity: Broken, records: 1,
		why: "another code masks a lost race as the client's own fault", of: describesRefusal(api.Illegal),
		ask: (*session).askStaleIllegal},
	{name: "future_token", expects: "{conflict} for a token that never was", severity: Deviation, records: 1,
		why: "it was read by no client; accepting it is a lost update", ask: (*session).askFuture},
	{name: "foreign_token", expects: "{conflict} for the token of another {record}", severity: Deviation, records: 2,
		why: "it says nothing about this {record}; accepting it is a lost update", of: isOpaque, ask: (*session).askForeign},
	{name: "no_token", expects: "an update without a token is refused", severity: Broken, records: 1,
		why: "one client that forgets the condition overwrites what all others wrote", ask: (*session).askNoToken},
}

// askFuture asks for a legal update with a token that the record never had. A server
// that only refuses lower numbers takes it, and with it the word of a client that has
// read nothing.
func (s *session) askFuture(ctx context.Context) {
	r := s.records[0]
	never := s.forgeToken(r)
	s.askUnread(ctx, "future_token", r, never, fmt.Sprintf("the token %s, which it never had,", shortenToken(never)))
	if s.isLineIn("future_token", OK) && !s.api.Counting {
		s.askNearly(ctx, r)
	}
}

// askNearly asks for updates with tokens that differ from the present one in a
// character. A server that takes one compares only a part of its tokens, which loses
// nothing as long as that part changes.
func (s *session) askNearly(ctx context.Context, r *record) {
	for i := range s.forgeNearly(r) {
		token := s.forgeNearly(r)[i]
		v := s.newValues(r.id)
		v.From, v.To, v.Token = r.state, s.chooseState(r), []byte(token)
		a := s.askWrite(ctx, &s.api.Update.Request, v)
		if a.isAccepted() {
			s.markNoted("future_token", a, "only a part of the token is compared: %s was accepted although %s", shortenToken(token),
				s.nameToken(r))
		}
		if err := s.refreshRecord(ctx, r); err != nil || a.isAccepted() {
			return
		}
	}
}

// askForeign asks for a legal update with the token of another record.
func (s *session) askForeign(ctx context.Context) {
	r, other := s.records[0], s.records[1]
	if err := s.refreshRecord(ctx, other); err != nil {
		s.markSkipped("foreign_token", "%s", err)
		return
	}
	if err := s.refreshRecord(ctx, r); err != nil {
		s.markSkipped("foreign_token", "%s", err)
		return
	}
	if s.isSameToken(r.token, other.token) {
		s.markNoted("foreign_token", answer{}, "%s and %s have the same token, %s", s.nameRecord(r), s.nameRecord(other),
			shortenToken(r.token))
		return
	}
	s.askUnread(ctx, "foreign_token", r, other.token, fmt.Sprintf("the token %s, which is that of %s,", shortenToken(other.token),
		s.nameRecord(other)))
}

// askUnread asks for a legal update with a token that no client read of the record.
func (s *session) askUnread(ctx context.Context, name string, r *record, token, words string) {
	before := *r
	v := s.newValues(r.id)
	v.From, v.To, v.Token = r.state, s.chooseState(r), []byte(token)
	a := askTwice(func() answer { return s.askWrite(ctx, &s.api.Update.Request, v) })
	if s.markUndecided(name, a) {
		return
	}
	s.refreshAfter(ctx, name, r, before.token, a)
	switch {
	case a.isAccepted():
		s.taken[name] = true
		s.markBroken(name, a, "LOST UPDATE: an update with %s was accepted although %s", words, s.nameToken(&before))
		op := s.newUpdate(1, r.id, token, v, &a)
		s.proveDefect(s.findBroken(&op), fmt.Sprintf("An update of %s that names %s was confirmed; %s.", s.nameRecord(r), words,
			s.nameToken(&before)),
			append(s.findLastRead(r.id, a.start), op)...)
	case a.isConflict(), a.status < 500 && !s.api.Counting && name == "future_token": // a token of no form is a bad request too
		s.markKept(name, a)
	default:
		s.markDifferent(name, a, "it is answered %s", a.describe())
	}
}

// findBroken returns the invariant that a confirmed update with an unread token breaks:
// where tokens count, its answer has nothing before it, or does not count on.
func (s *session) findBroken(op *history.Op) check.ID {
	switch {
	case !s.api.Counting:
		return check.OCC01
	case op.Token == op.Expected+1:
		return check.OCC08
	}
	return check.OCC02
}

// askNoToken asks for an update without its token. Many APIs take it by design: that
// is noted. Where the API file says how an invalid request is refused, it is a broken
// promise.
func (s *session) askNoToken(ctx context.Context) {
	r := s.records[0]
	v := s.newValues(r.id)
	v.From, v.To, v.Token = r.state, s.chooseState(r), []byte(r.token)
	bare, ok := s.api.Update.UnconditionalRequest(v)
	if !ok {
		s.markKept("no_token", answer{asked: "the API file: no update can be asked for without a token"})
		return
	}
	before := *r
	a := askTwice(func() answer { return s.askWrite(ctx, bare, v) })
	promised := s.api.Update.Describes(api.Invalid)
	switch {
	case s.markUndecided("no_token", a):
		return
	case promised:
		s.judgeRefusal("no_token", a, api.Invalid, s.api.Update.TokenMember())
	case a.isAccepted():
		s.markNoted("no_token", a, "an update without a token is applied, whatever the %s is by then", s.api.Words.Record)
	case a.status >= 500:
		s.markDifferent("no_token", a, "it is answered %s", a.describe())
	default:
		s.markKept("no_token", a)
	}
	s.taken["no_token"] = a.isAccepted()
	s.refreshAfter(ctx, "no_token", r, before.token, a)
	if promised && a.isAccepted() && !s.isSameToken(r.token, before.token) {
		s.proveBlind("no_token", r, v, &a)
	}
}

// judgeConditions ends the probe where the target takes every token and none: then
// there is nothing that could be judged.
func (s *session) judgeConditions() {
	if s.taken["stale_update"] && s.taken["future_token"] && s.taken["no_token"] && !s.isLineIn("foreign_token", OK) {
		s.result.Verdict = Unconditional
		s.endProbe("an update with a stale token, one with a token that never was and one without any were all applied (%s)",
			s.api.Update.Method+" "+s.api.Update.Template())
	}
}
