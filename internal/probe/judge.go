package probe

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
)

// judgeRefusal decides a line that wants a certain refusal, naming a field
// unless that is empty.
func (s *session) judgeRefusal(name string, a answer, kind api.Kind, field string) {
	switch {
	case a.isSuccess():
		s.markDifferent(name, a, "it was accepted (HTTP %d)", a.status)
	case !a.isRefusal(kind):
		s.markDifferent(name, a, "it is answered %s", a.describe())
	case !bytes.Contains(a.body, []byte(field)):
		s.markDifferent(name, a, "the refusal does not name %s", field)
	default:
		s.markKept(name, a)
	}
}

// refreshAfter looks at the record again after a refusal, which must have left it
// alone. An older token than before comes from a cache and is not believed.
func (s *session) refreshAfter(ctx context.Context, name string, r *record, before string, a answer) {
	known := *r
	if err := s.refreshRecord(ctx, r); err != nil {
		s.warn("after %s: %s", name, err)
		return
	}
	switch {
	case s.isSameToken(r.token, before) || a.isAccepted():
	case s.api.Counting && api.Integer(r.token) < api.Integer(before):
		s.warn("after %s: %s is shown with the token %s, which is older than %s: a stale read", name, s.nameRecord(r), r.token, before)
		*r = known
	case !s.isLineIn("read_again", Differs):
		s.markBroken(name, a, "a dirty refusal, or others update the %s: it was answered %s, and the token went from %s to %s",
			s.api.Words.Record, a.describe(), shortenToken(before), shortenToken(r.token))
	}
}

// reconcile brings a record up to what a conflict says of it, and reports whether
// that was news: the record was updated by others, or read from a cache. Only where
// tokens count it can be told which one is newer.
func (s *session) reconcile(r *record, a *answer) bool {
	token := api.Integer(string(a.said.Token))
	if !s.api.Counting || a.isAccepted() || a.err != nil || token <= api.Integer(r.token) || s.states().IsFinal(a.said.State) {
		return false
	}
	r.token, r.state = strconv.FormatInt(token, 10), a.said.State
	return true
}

// proveBlind keeps a confirmed update that names no token the record ever had as the
// proof of a lost update.
func (s *session) proveBlind(name string, r *record, v *api.Vars, a *answer) {
	s.proveDefect(check.OCC01, fmt.Sprintf("An update of %s that names no token it ever had was confirmed (%s): it overwrites whatever "+
		"happened "+
		"since its sender "+
		"read it.", s.nameRecord(r), name), append(s.findLastUpdate(r.id), s.newUpdate(1, r.id, "", v, a))...)
}

// isFresh reports whether a record shows the same token and the same content as it did
// before, as far as that can be told.
func (s *session) isFresh(before, now *record) bool {
	return s.isSameToken(before.token, now.token) && before.state == now.state && (s.api.Counting || before.marker == now.marker)
}

// nameToken returns the words for the token in a sentence.
func (s *session) nameToken(r *record) string {
	return fmt.Sprintf("%s had the token %s", s.nameRecord(r), shortenToken(r.token))
}
