package apicheck

import (
	"bytes"
	"context"
	"strconv"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// update updates the record, reads it again, and then updates it with the token that
// is used up.
func (s *session) update(ctx context.Context) error {
	u, before := &s.api.Update, bytes.Clone(s.seen.Token)
	if !s.chooseState() {
		return nil
	}
	got, err := s.ask(ctx, "update", before, "update.applied")
	if err != nil {
		return err
	}
	if got.Outcome != history.Applied {
		s.addFinding(u.Line, u.Col, "an update with the token %s, which was just read, is answered as %s: %s",
			escapeUnprintable(before), got.Outcome, got.describe())
		return nil
	}
	s.marker = s.vars.Marker
	if !u.Uses("marker") {
		s.marker = ""
	}
	answered := bytes.Clone(got.Token)
	readable, err := s.read(ctx)
	if err != nil || !readable {
		return err
	}
	s.compareTokens(before, answered)
	if string(s.seen.Token) == string(before) {
		return nil // which is not stale
	}
	return s.updateStale(ctx, before)
}

// chooseState sets the state that is asked for; false when no update is legal.
func (s *session) chooseState() bool {
	states := &s.api.States
	if len(states.Names) == 0 {
		return true
	}
	s.vars.From = s.seen.State
	if s.vars.To = states.FindOnward(s.seen.State); s.vars.To == "" && len(states.Legal[s.seen.State]) > 0 {
		s.vars.To = states.Legal[s.seen.State][0]
	}
	if s.vars.To == "" {
		s.addFinding(s.api.Update.Line, s.api.Update.Col, "no update is sent: the file allows none from the state %q", s.seen.State)
	}
	return s.vars.To != ""
}

// answered is an answer to an update with what a person needs to understand it.
type answered struct {
	api.Answer
	response *api.Response
}

func (a *answered) describe() string {
	text := "HTTP " + strconv.Itoa(a.response.Status) + " " + cutExcerpt(a.response.Body)
	if a.Err != nil {
		return a.Err.Error() + "; the answer was " + text
	}
	return text
}

func (s *session) ask(ctx context.Context, name string, token []byte, roles ...string) (answered, error) {
	s.drawMarker()
	s.vars.Token = token
	r, err := s.send(ctx, name, &s.api.Update.Request)
	if err != nil {
		return answered{}, err
	}
	shown := s.showPlaces(s.api.Update.Seen(r), matchRoles(roles...))
	got := answered{s.api.Update.Judge(jx.DecodeBytes(r.Body), &api.Scratch{}, r, s.vars), r}
	s.print("    outcome: %s\n", got.Outcome)
	switch got.Outcome {
	case history.Malformed:
		s.findMissing(r, shown)
	case history.Applied:
		s.findDisagreements(shown)
	}
	return got, nil
}

// compareTokens compares the tokens before the update, in its answer and in the read
// after it.
func (s *session) compareTokens(before, answered []byte) {
	u := &s.api.Update
	switch after := s.seen.Token; {
	case string(after) == string(before):
		s.addFinding(u.Line, u.Col, "an update was applied and the read after it still shows the token %s: a token that does not change "+
			"protects nothing", escapeUnprintable(after))
	case u.Answered && string(answered) != string(after):
		s.addFinding(u.Line, u.Col, "two places disagree: the answer to the update shows the token %s, and the read after it %s",
			escapeUnprintable(answered), escapeUnprintable(after))
	case s.api.Counting && api.Integer(string(after)) != api.Integer(string(before))+1:
		s.addFinding(u.Line, u.Col, "the token went from %s to %s with one update, so it does not count by one; want `token: opaque`",
			before, after)
	}
}

func (s *session) updateStale(ctx context.Context, stale []byte) error {
	u := &s.api.Update
	if !s.chooseState() {
		return nil
	}
	got, err := s.ask(ctx, "stale update", stale, "update.conflict", "update.refused.code")
	if err != nil {
		return err
	}
	switch got.Outcome {
	case history.Conflict:
	case history.Applied:
		s.addFinding(u.Line, u.Col, "the target applied an update with the token %s, which was used up: it does not look at it, "+
			"or the file does not send it where the target looks", escapeUnprintable(stale))
	default:
		s.addFinding(u.Line, u.Col, "an update with a token that was used up is answered as %s, and was to be a conflict (%s): %s",
			got.Outcome, u.ConflictText(), got.describe())
	}
	return nil
}
