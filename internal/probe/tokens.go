package probe

import (
	"context"
	"strings"

	"github.com/occbench/occbench/internal/api"
)

// tokens ask what a token is made of: whether it changes when the record does, and
// only then.
var tokens = []question{
	{name: "token_changes", expects: "an update changes the token", severity: Broken, records: 1,
		why: "where it stays, a stale update looks fresh and is lost or loses another one"},
	{name: "answered_token", expects: "the answer to an update carries the token that the next read shows", severity: Broken, records: 1,
		why: "a client that goes on with another token overwrites others or conflicts with itself"},
	{name: "one_tick", expects: "updates in quick succession have a token each", severity: Broken, records: 1,
		why: "a token made of a clock is the same for all that is written in one of its ticks, and updates are lost in it", of: isOpaque,
		ask: (*session).askOneTick},
	{name: "weak_tag", expects: "no weak tag (W/)", severity: Deviation, records: 1,
		why: "If-Match compares strongly (RFC 9110, 13.1.1): an update that names a weak tag is never applied", of: isOpaque,
		ask: (*session).askWeakTag},
	{name: "representation", expects: "the same token for Accept-Encoding: gzip and for another Accept", severity: Deviation, records: 1,
		why: "a browser or a proxy that asks for another representation gets a tag that no update matches",
		of:  func(a *api.API) bool { return hasRead(a) && !a.Counting }, ask: (*session).askRepresentation},
	{name: "etag", expects: "the ETag of a read, where it has one, is the token", severity: Deviation, records: 1,
		why: "a client that sends the ETag back instead of the token is always refused, or never",
		of:  func(a *api.API) bool { return hasRead(a) && !a.Counting }, ask: (*session).askETag},
	{name: "other_record", expects: "an update of one {record} leaves the token of another as it is", severity: Deviation, records: 2,
		why: "with a tag of the whole collection every update is a conflict for all other {record}s", ask: (*session).askOtherRecord},
	{name: "same_content", expects: "a content that comes back has another token than before", severity: Deviation, records: 1,
		why: "with a hash of the content for a token, a client does not notice that a {record} was changed and changed back",
		of:  func(a *api.API) bool { return !a.Counting && !a.Marked && len(a.States.Names) > 1 }, ask: (*session).askSameContent},
}

// askOneTick makes updates as fast as they go and compares the tokens of each two.
func (s *session) askOneTick(ctx context.Context) {
	const updates = 6
	r := s.records[0]
	made := 0
	for range updates {
		before := *r
		a := s.updateRecord(ctx, r, s.chooseState(r), r.token)
		if !a.isAccepted() {
			if made == 0 && !s.markUndecided("one_tick", a) {
				s.markSkipped("one_tick", "an update was answered %s", a.describe())
			}
			return
		}
		if err := s.refreshAtOnce(ctx, r); err != nil {
			s.markSkipped("one_tick", "%s", err)
			return
		}
		if made++; s.isSameToken(r.token, before.token) {
			s.markDifferent("one_tick", a, "the token %s stayed through a confirmed update", shortenToken(r.token))
			return
		}
		s.markKept("one_tick", a)
	}
}

// refreshAtOnce is refreshRecord without the patience for weak tags.
func (s *session) refreshAtOnce(ctx context.Context, r *record) error {
	if s.api.Read == nil {
		return s.refreshFromList(ctx, r)
	}
	return s.refreshRecordOnce(ctx, r)
}

// askWeakTag judges the tags that were read so far, and one that was just made.
func (s *session) askWeakTag(ctx context.Context) {
	r := s.records[0]
	if err := s.refreshRecord(ctx, r); err != nil {
		s.markSkipped("weak_tag", "%s", err)
		return
	}
	a := answer{asked: "all tags that were read"}
	switch {
	case s.alwaysWeak:
		s.markDifferent("weak_tag", a, "its tags are weak: %s", shortenToken(r.token))
	case s.weak != "":
		s.markDifferent("weak_tag", a, "after a write the tag is weak for a moment: %s, then %s; an update that names it is refused",
			shortenToken(s.weak), shortenToken(r.token))
	default:
		s.markKept("weak_tag", a)
	}
}

// askRepresentation reads a record as other clients do.
func (s *session) askRepresentation(ctx context.Context) {
	r := s.records[0]
	for _, other := range [][2]string{{"Accept-Encoding", "gzip"}, {"Accept", "text/html, */*;q=0.1"}} {
		if err := s.refreshRecord(ctx, r); err != nil {
			s.markSkipped("representation", "%s", err)
			return
		}
		a, sight, err := s.readRecord(withHeader(ctx, other[0], other[1]), r.id)
		a.asked += " " + other[0] + ": " + other[1]
		if s.markUndecided("representation", a) {
			return
		}
		if err != nil { // it does not have that representation
			s.markKept("representation", a)
			continue
		}
		if !s.isSameToken(string(sight.Token), r.token) {
			s.markDifferent("representation", a, "with %s: %s the token is %s, else %s", other[0], other[1],
				shortenToken(string(sight.Token)), shortenToken(r.token))
			return
		}
		s.markKept("representation", a)
	}
}

// askETag compares the token with the ETag of the same answer.
func (s *session) askETag(ctx context.Context) {
	r := s.records[0]
	a, sight, err := s.readRecord(ctx, r.id)
	if s.markUndecided("etag", a) {
		return
	}
	tag, token := a.header.Get("ETag"), string(sight.Token)
	switch {
	case err != nil:
		s.markSkipped("etag", "%s", err)
	case tag == "" || tag == token || strings.Trim(strings.TrimPrefix(tag, "W/"), `"`) == token:
		s.markKept("etag", a)
	default:
		s.markNoted("etag", a, "the ETag of a read (%s) is not the token (%s)", shortenToken(tag), shortenToken(token))
	}
}

// askOtherRecord updates one record and looks at another.
func (s *session) askOtherRecord(ctx context.Context) {
	r, other := s.records[0], s.records[1]
	if err := s.refreshRecord(ctx, other); err != nil {
		s.markSkipped("other_record", "%s", err)
		return
	}
	before := *other
	a := s.updateRecord(ctx, r, s.chooseState(r), r.token)
	err := s.refreshRecord(ctx, other)
	if err == nil {
		err = s.refreshRecord(ctx, r)
	}
	switch {
	case err != nil:
		s.markSkipped("other_record", "%s", err)
	case s.markUndecided("other_record", a):
	case !a.isAccepted():
		s.markSkipped("other_record", "an update was answered %s", a.describe())
	case other.state != before.state || other.marker != before.marker:
		s.markSkipped("other_record", "others update %s", s.nameRecord(other))
	case !s.isSameToken(other.token, before.token):
		s.markDifferent("other_record", a, "an update of %s changed the token of %s from %s to %s", s.nameRecord(r), s.nameRecord(other),
			shortenToken(before.token),
			shortenToken(other.token))
	default:
		s.markKept("other_record", a)
	}
}

// askSameContent takes a record to another state and back.
func (s *session) askSameContent(ctx context.Context) {
	r := s.records[0]
	before := *r
	var a answer
	for _, to := range append([]string{s.chooseState(r)}, s.states().Route(s.chooseState(r), r.state)...) {
		if a = s.updateRecord(ctx, r, to, r.token); !a.isAccepted() {
			s.markSkipped("same_content", "an update to %s was answered %s", to, a.describe())
			return
		}
		if err := s.refreshRecord(ctx, r); err != nil {
			s.markSkipped("same_content", "%s", err)
			return
		}
	}
	switch {
	case r.state != before.state:
		s.markSkipped("same_content", "no legal updates lead back to %s", before.state)
	case s.isSameToken(r.token, before.token):
		s.markNoted("same_content", a, "the token %s came back with the content: an update that names it is applied though the %s was "+
			"changed twice",
			shortenToken(r.token), s.api.Words.Record)
	default:
		s.markKept("same_content", a)
	}
}

// judgeTokens compares what the answer to an applied update says with what a read
// shows.
func (s *session) judgeTokens(a answer, r *record, to, expected string) {
	changed := !s.isSameToken(r.token, expected)
	answered := string(a.said.Token)
	unseen := r.state != to
	if len(s.states().Names) == 0 {
		unseen = !changed
	}
	switch {
	case !changed && unseen:
		s.markLine("token_changes", Unasked, "", a, "the update is not seen")
		s.markDifferent("answered_token", a, "the update was answered HTTP %d and nothing of it is seen: a phantom success, "+
			"or a read from a cache", a.status)
		return
	case !changed:
		s.markDifferent("token_changes", a, "the token %s stayed through a confirmed update", shortenToken(r.token))
	default:
		s.markKept("token_changes", a)
	}
	switch {
	case s.api.Counting && api.Integer(r.token) != api.Integer(expected)+1:
		s.markDifferent("answered_token", a, "the token %s was sent and %s is shown now", expected, r.token)
	case !s.api.Update.Answered:
		s.markNoted("answered_token", a, "the answer carries no token: a client has to read before it can update again")
	case !s.isSameToken(answered, r.token):
		s.markDifferent("answered_token", a, "the answer says the token %s, and %s is shown", quoteText(answered), shortenToken(r.token))
	default:
		s.markKept("answered_token", a)
	}
}
