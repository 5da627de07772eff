package probe

import (
	"context"
	"fmt"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
)

// askStale asks for a legal update with a token that another update already used up.
// Accepting it is the lost update that optimistic concurrency is there to prevent.
func (s *session) askStale(ctx context.Context) {
	r := s.records[0]
	if n := api.Integer(r.token); s.usedUp.token == "" && s.api.Counting && n > 1 {
		s.usedUp.token = fmt.Sprint(n - 1)
	}
	if s.isFresh(&s.usedUp, r) { // its content came back, and the token with it
		s.usedUp = *r
		s.updateRecord(ctx, r, s.chooseState(r), r.token)
		if err := s.refreshRecord(ctx, r); err != nil {
			s.markSkipped("stale_update", "%s", err)
			return
		}
	}
	stale := s.usedUp.token
	if stale == "" || s.isFresh(&s.usedUp, r) {
		for _, name := range []string{"stale_update", "conflict_fields", "stale_illegal_update"} {
			s.markSkipped(name, "no update changed a token, so there is none that is stale")
		}
		return
	}
	before := s.findLastApplied(r.id, stale)
	a := askTwice(func() answer { return s.updateRecord(ctx, r, s.chooseState(r), stale) })
	if s.markUndecided("stale_update", a) {
		return
	}
	s.judgeStale(ctx, "stale_update", r, a, stale)
	if a.isAccepted() {
		s.proveTwice(r, stale, before)
	}
	if s.api.Update.ConflictsWith(a.status) && !a.isAccepted() {
		s.judgeConflictFields(a, r)
	} else {
		s.markLine("conflict_fields", Unasked, "", a, "no conflict was answered")
	}
	if !s.api.Counting && s.isLineIn("stale_update", OK) {
		s.askStaleQuickly(ctx, r)
	}
}

// askStaleQuickly asks for the same in the moment after the update that used up the
// token, where a server whose tokens are made of a clock still takes it.
func (s *session) askStaleQuickly(ctx context.Context, r *record) {
	const rounds = 5
	for range rounds {
		if err := s.refreshRecord(ctx, r); err != nil {
			return
		}
		token, to := r.token, s.chooseState(r)
		if a := s.updateRecord(ctx, r, to, token); !a.isAccepted() {
			return
		}
		next, before := *r, s.findLastApplied(r.id, token)
		next.state = to
		a := s.updateRecord(ctx, &next, s.chooseState(&next), token)
		if a.isAccepted() {
			s.markDifferent("stale_update", a, "LOST UPDATE: an update with the token %s was accepted in the moment after another one had "+
				"used it up",
				shortenToken(token))
			s.taken["stale_update"] = true
			s.proveTwice(r, token, before)
		}
		if err := s.refreshRecord(ctx, r); err != nil || a.isAccepted() {
			return
		}
	}
}

// findLastApplied returns the last confirmed update of a record that named a token.
func (s *session) findLastApplied(id, token string) []history.Op {
	return s.findLastOperation(func(o *history.Op) bool {
		return o.Record == id && o.Outcome == history.Applied && o.SentToken() == token
	})
}

// proveTwice keeps two confirmed updates that named the same token, one after the
// other, as the proof of a lost update. The checker leaves tokens that come back
// alone; here the record had another content or another token before the second.
func (s *session) proveTwice(r *record, token string, before []history.Op) {
	after := s.findLastApplied(r.id, token)
	if len(before) == 0 || len(after) == 0 {
		return
	}
	s.proveDefect(check.OCC01, fmt.Sprintf("Two updates of %s with the token %s were both confirmed, one after the other: one of them is "+
		"lost.",
		s.nameRecord(r), shortenToken(token)), before[0], after[0])
}

func (s *session) askStaleIllegal(ctx context.Context) {
	r := s.records[0]
	if s.usedUp.token == "" {
		return // its line is settled
	}
	to := s.states().FindForbidden(r.state)
	if to == "" {
		s.markSkipped("stale_illegal_update", "every state may follow %s", r.state)
		return
	}
	a := askTwice(func() answer { return s.updateRecord(ctx, r, to, s.usedUp.token) })
	if s.markUndecided("stale_illegal_update", a) {
		return
	}
	s.judgeStale(ctx, "stale_illegal_update", r, a, s.usedUp.token)
}

// judgeStale decides a line about a stale token.
func (s *session) judgeStale(ctx context.Context, name string, r *record, a answer, stale string) {
	before := r.token
	switch {
	case a.isAccepted() && s.isSameToken(stale, r.token):
		s.taken[name] = true
		s.markDifferent(name, a, "LOST UPDATE: two updates with the token %s were accepted, one after the other: "+
			"it stayed through the first",
			shortenToken(stale))
	case a.isAccepted():
		s.taken[name] = true
		s.markDifferent(name, a, "LOST UPDATE: an update with the token %s was accepted although %s", shortenToken(stale), s.nameToken(r))
	case a.isConflict():
		s.markKept(name, a)
	case s.api.Update.ConflictsWith(a.status):
		s.markDifferent(name, a, "%d comes without what makes it a conflict (%s)", a.status, s.api.Update.ConflictText())
	case a.status >= 500:
		s.markDifferent(name, a, "a stale token is answered %s", a.describe())
	default:
		s.markDifferent(name, a, "a masked conflict: a stale token is answered %s", a.describe())
	}
	s.refreshAfter(ctx, name, r, before, a)
}

// judgeConflictFields decides the line about what a conflict says.
func (s *session) judgeConflictFields(a answer, r *record) {
	token, state := s.api.Update.ConflictShows()
	switch {
	case a.said.Misses != "":
		s.markDifferent("conflict_fields", a, "%s", a.said.Misses)
	case token && !s.isSameToken(string(a.said.Token), r.token):
		s.markDifferent("conflict_fields", a, "it tells the token %s, not %s", quoteText(string(a.said.Token)), shortenToken(r.token))
	case state && a.said.State != r.state:
		s.markDifferent("conflict_fields", a, "it tells the state %s, not %q", quoteText(a.said.State), r.state)
	default:
		s.markKept("conflict_fields", a)
	}
}
