package probe

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/wait"
)

// happy is the question without which there is nothing to measure.
var happy = []question{
	{name: "update", expects: "an update with the token that was read is applied", severity: Fatal, records: 1,
		why: "without an accepted update there is nothing to measure", ask: (*session).askUpdate},
}

// updates ask what else an update may do.
var updates = []question{
	{name: "illegal_update", expects: "{illegal} with from and to", severity: Deviation, records: 1,
		why: "a {record} must not jump over its steps", of: describesRefusal(api.Illegal),
		ask: func(s *session, ctx context.Context) {
			s.askIllegal(ctx, "illegal_update", func(from string) string { return s.states().FindForbidden(from) })
		}},
	{name: "same_state_update", expects: "{illegal} with from and to", severity: Deviation, records: 1,
		why: "an update that changes nothing must not use up a token", of: describesRefusal(api.Illegal),
		ask: func(s *session, ctx context.Context) {
			s.askIllegal(ctx, "same_state_update", func(from string) string { return from })
		}},
	{name: "updated_at", expects: "the time of the last change is later after an update than before", severity: Deviation, records: 1,
		why: "a client that asks for what changed since its last look goes by it",
		of:  func(a *api.API) bool { return hasList(a) && a.List.Field("changed") != "" }, ask: (*session).askUpdatedAt},
	{name: "unversioned_edit", expects: "a PATCH of the {record} without a token is refused", severity: Deviation, records: 1,
		why: "an edit that leaves the token as it is is overwritten by updates that do not see it", of: hasOtherWrites,
		ask: (*session).askEdit},
}

// hasOtherWrites reports whether the record has an address of its own beside that of
// its updates, where it might be edited.
func hasOtherWrites(a *api.API) bool {
	return a.Read != nil && a.List != nil && a.List.Field("state") != "" && a.List.Field("tag") != "" &&
		a.Read.Template() != a.Update.Template()
}

// tries is how often the happy update is asked: a target that fails now and then
// is a target for the run.
const tries = 3

// askUpdate asks for an update that nothing speaks against. A target that takes
// none is foreign; one that takes it and answers something else breaks a
// promise, and that is for the run to prove. A lost answer says nothing about
// the server, so another update is asked.
func (s *session) askUpdate(ctx context.Context) {
	r := s.records[0]
	if isWeak(r.token) {
		if err := s.refreshRecord(ctx, r); err != nil {
			s.markSkipped("update", "%s", err)
			return
		}
	}
	first := *r
	for try := 1; ; try++ {
		to, expected := s.chooseState(r), r.token
		a := s.updateRecord(ctx, r, to, expected)
		if err := s.viewRecord(ctx, r); err != nil {
			s.markLine("update", Unasked, "", a, err.Error())
			return
		}
		s.reconcile(r, &a)
		applied := !s.isSameToken(r.token, expected) && r.state == to
		if !s.isSameToken(r.token, first.token) || !s.api.Counting && !s.isFresh(&first, r) {
			s.usedUp = first
		}
		switch {
		case a.isAccepted(), applied && a.err == nil && a.status >= 500:
			s.judgeUpdate(a, r, to, expected)
			return
		case applied && try == tries:
			s.markUnanswered("update", a)
			return
		case !applied && (try == tries || a.err == nil && a.status < 500 && !s.api.Update.ConflictsWith(a.status)):
			s.refuseUpdate(ctx, r, a)
			return
		}
	}
}

// judgeUpdate judges the answer to an update that was applied, and what a read shows
// of it.
func (s *session) judgeUpdate(a answer, r *record, to, expected string) {
	switch {
	case !a.isAccepted():
		s.markBroken("update", a, "the update was applied and answered %s: a phantom failure", a.describe())
		return
	case a.said.Outcome != history.Applied:
		s.markBroken("update", a, "the answer is not what was promised: %s", a.said.Err)
	case a.said.State != "" && a.said.State != to:
		s.markBroken("update", a, "the answer shows %s, and %s was asked for", quoteText(a.said.State), to)
	default:
		s.markKept("update", a)
	}
	s.judgeTokens(a, r, to, expected)
}

// refuseUpdate ends the probe: no update is possible. It tries to say why.
func (s *session) refuseUpdate(ctx context.Context, r *record, a answer) {
	if ctx.Err() != nil || a.isThrottled() {
		s.markUnanswered("update", a)
		return
	}
	reason := ""
	switch {
	case a.err != nil:
		reason, _ = explainUnreachable(a.err)
	case s.alwaysWeak:
		reason = fmt.Sprintf("its tags are weak and an update that names one (%s) is answered %s: no update is possible",
			a.describeRequest(), a.describe())
	default:
		if reason = s.updateDialect(ctx, r, &a); reason == "" {
			reason = fmt.Sprintf("a legal update with the fresh token (%s) is answered %s: %s; `occbench api check` shows what the API "+
				"file makes of each answer",
				a.describeRequest(), a.describe(), client.Excerpt(a.body))
		}
	}
	s.markDifferent("update", a, "%s", reason)
	s.endProbe("%s", reason)
}

// askIllegal asks for a step that the API forbids, with the fresh token; once more
// with the one that a conflict tells, when what was read was old.
func (s *session) askIllegal(ctx context.Context, name string, step func(string) string) {
	r := s.records[0]
	from, before, to := r.state, r.token, step(r.state)
	if to == "" {
		s.markSkipped(name, "every state may follow %s", from)
		return
	}
	a := askTwice(func() answer { return s.updateRecord(ctx, r, to, before) })
	if s.reconcile(r, &a) {
		from, before, to = r.state, r.token, step(r.state)
		a = s.updateRecord(ctx, r, to, before)
	}
	if s.markUndecided(name, a) {
		return
	}
	switch {
	case a.isAccepted():
		s.markBroken(name, a, "the update from %s to %s was accepted", from, to)
	case !a.isRefusal(api.Illegal):
		s.markDifferent(name, a, "it is answered %s", a.describe())
	case a.said.Misses != "":
		s.markDifferent(name, a, "%s", a.said.Misses)
	default:
		s.markKept(name, a)
	}
	s.refreshAfter(ctx, name, r, before, a)
}

// askUpdatedAt compares the time of the last change in the list before an update and
// after it. Where it did not change, another update is made once the clock of the
// coarsest server has moved on.
func (s *session) askUpdatedAt(ctx context.Context) {
	r := s.records[0]
	err := s.refreshFromList(ctx, r)
	before := *r
	was := parseTime(r.changed)
	if err == nil && was.IsZero() {
		s.markDifferent("updated_at", answer{}, "%s has none that is a time as in RFC 3339", s.nameRecord(r))
		return
	}
	for try := 1; err == nil; try++ {
		if err = s.refreshRecord(ctx, r); err != nil {
			break
		}
		a := s.updateRecord(ctx, r, s.chooseState(r), r.token)
		if err = s.refreshFromList(ctx, r); err != nil {
			break
		}
		now := parseTime(r.changed)
		switch {
		case s.isSameToken(r.token, before.token):
			err = fmt.Errorf("an update was answered %s and the %s does not show it", a.describe(), s.api.Words.List)
		case now.After(was):
			s.markKept("updated_at", a)
			return
		case try == tries-1 || now.Before(was):
			s.markDifferent("updated_at", a, "with the token %s %s has %s, with the token %s it has %s", before.token, s.nameRecord(r),
				before.changed, r.token, r.changed)
			return
		default:
			err = wait.For(ctx, coarse+coarse/10)
		}
	}
	s.markSkipped("updated_at", "%s", err)
}

// parseTime reads a time of RFC 3339; zero where the text is none.
func parseTime(text string) time.Time {
	at, _ := time.Parse(time.RFC3339Nano, text)
	return at
}

// askEdit asks for a PATCH of the record itself without a token, which many servers
// have beside their versioned updates: first of the state, then, where that is
// refused, of the text with the tag, which stays. One that is written and leaves the
// token as it is goes unseen by every update that follows.
func (s *session) askEdit(ctx context.Context) {
	r := s.records[0]
	if err := s.refreshFromList(ctx, r); err != nil {
		s.markSkipped("unversioned_edit", "%s", err)
		return
	}
	state, tag := s.api.List.Field("state"), s.api.List.Field("tag")
	for _, fields := range []map[string]string{{state: s.chooseState(r)}, {tag: r.tag + " edited"}} {
		before := *r
		known := s.findLastRead(r.id, s.client.Clock())
		a := s.patchRecord(ctx, r, fields)
		if s.markUndecided("unversioned_edit", a) {
			return
		}
		if err := s.refreshFromList(ctx, r); err != nil {
			s.markLine("unversioned_edit", Unasked, "", a, err.Error())
			return
		}
		written := r.state != before.state || r.tag != before.tag
		switch {
		case written && s.isSameToken(r.token, before.token):
			s.markBroken("unversioned_edit", a, "it is written, and the token stays %s: updates that carry it overwrite the edit unseen",
				r.token)
		case written || !s.isSameToken(r.token, before.token):
			s.markDifferent("unversioned_edit", a, "it is written; the token goes from %s to %s, so that updates notice it", before.token,
				r.token)
		case a.isSuccess():
			s.markDifferent("unversioned_edit", a, "it is answered %s and nothing of it is seen", a.describe())
			continue
		default:
			s.markKept("unversioned_edit", a)
			continue
		}
		if r.state != before.state && s.isSameToken(r.token, before.token) {
			s.proveDefect(check.OCC09, fmt.Sprintf("An edit (PATCH) of %s without a token changed its state from %s to %s and left the "+
				"token %s as it was: an update that carries it overwrites the edit unseen.", s.nameRecord(r), before.state, r.state,
				r.token),
				append(known, s.findLastRead(r.id, s.client.Clock())...)...)
		}
		if r.tag != before.tag {
			s.patchRecord(ctx, r, map[string]string{tag: before.tag})
		}
		return
	}
}

// patchRecord edits a record at its own address.
func (s *session) patchRecord(ctx context.Context, r *record, fields map[string]string) answer {
	v := s.newValues(r.id)
	path, err := s.api.Read.AppendPath(nil, v)
	var body []byte
	if err == nil {
		body, err = json.Marshal(fields)
	}
	if err != nil {
		return answer{err: err}
	}
	return s.askPatiently(ctx, func() answer {
		asked := http.MethodPatch + " " + string(path) + " " + client.MakePrintable(string(body))
		return s.receiveAnswer(ctx, asked, true, v, func() (client.Response, error) {
			return s.client.Do(ctx, http.MethodPatch, string(path),
				body)
		})
	})
}
