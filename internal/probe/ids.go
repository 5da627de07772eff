package probe

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
)

// Ids that no record has.
const (
	unknownID    = "999999999999"
	nonNumericID = "no-such-record"
)

// askUnknownID asks for an update of a record that does not exist.
func (s *session) askUnknownID(ctx context.Context) {
	id := s.api.RecordID(s.opts.Tag, int(1e9)+len(s.ops))
	if id == "" {
		id = unknownID
	}
	s.askID(ctx, "unknown_id", id)
}

// askID asks for an update of an id that no record has, with the token of one of ours
// where there is one.
func (s *session) askID(ctx context.Context, name, id string) {
	v := s.newValues(id)
	v.Token = []byte("1")
	if len(s.records) > 0 {
		v.From, v.To = s.records[0].state, s.chooseState(s.records[0])
		v.Token = []byte(s.records[0].token)
	} else if len(s.states().Names) > 1 {
		v.From, v.To = s.states().Names[0], s.states().Names[1]
	}
	a := askTwice(func() answer { return s.askWrite(ctx, &s.api.Update.Request, v) })
	switch {
	case s.markUndecided(name, a):
	case a.isAccepted():
		s.markDifferent(name, a, "it was accepted (HTTP %d)%s", a.status, s.removeMade(ctx, id))
	case a.isConflict() && s.api.IDs != nil:
		s.markKept(name, a) // If-Match of what is not there is a conflict in HTTP
	case s.api.Update.Describes(api.Unknown):
		s.judgeRefusal(name, a, api.Unknown, "")
	case a.status >= 500:
		s.markDifferent(name, a, "it is answered %s", a.describe())
	default:
		s.markKept(name, a)
	}
}

// removeMade deletes what an update made that had to be refused, and says whether it did.
func (s *session) removeMade(ctx context.Context, id string) string {
	if s.api.Read == nil || s.api.Seed == nil || s.api.Seed.Delete == nil {
		return ""
	}
	_, sight, err := s.readRecord(ctx, id)
	if err != nil {
		return ", and nothing is there afterwards"
	}
	v := s.newValues(id)
	v.Token = bytes.Clone(sight.Token)
	if gone := s.ask(ctx, &s.api.Seed.Delete.Request, v); !gone.isSuccess() {
		s.warn("%s %s was made by an update and cannot be deleted: HTTP %d", s.api.Words.Record, id, gone.status)
		return ", and made a " + s.api.Words.Record
	}
	return ", and made a " + s.api.Words.Record + ", which was deleted again"
}

// listAliases returns other ids that a careless parser takes for the same: with a blank before it
// and, of a number, with a leading zero and 2^32 higher.
func listAliases(id string) []string {
	others := []string{" " + id}
	if n, err := strconv.ParseInt(id, 10, 64); err == nil && strconv.FormatInt(n, 10) == id && n > 0 && n < 1<<62 {
		others = append(others, "0"+id, strconv.FormatInt(n+1<<32, 10))
	}
	return others
}

// askAliases asks for updates of records that do not exist, whose ids are like ours,
// with an update that ours would make.
func (s *session) askAliases(ctx context.Context) {
	r := s.records[0]
	for _, id := range listAliases(r.id) {
		if _, _, err := s.readRecord(ctx, id); err == nil {
			continue // it is a record of its own, which is none of ours to update
		}
		before := *r
		v := s.newValues(id)
		v.From, v.To, v.Token = r.state, s.chooseState(r), []byte(r.token)
		a := askTwice(func() answer { return s.askWrite(ctx, &s.api.Update.Request, v) })
		if s.markUndecided("id_aliases", a) {
			return
		}
		known := s.findLastRead(r.id, a.start)
		if err := s.refreshRecord(ctx, r); err != nil {
			s.warn("after id_aliases: %s", err)
			return
		}
		changed := !s.isSameToken(r.token, before.token)
		switch {
		case changed && id[0] != ' ' && id[0] != '0':
			s.markBroken("id_aliases", a, "an update of %s %s updated %s", s.api.Words.Record, id, s.nameRecord(r))
			if s.api.Counting {
				s.proveDefect(check.OCC08, fmt.Sprintf("%s went from the token %s to %s by a confirmed update of another id, %s: the "+
					"server takes the two for one.",
					s.nameRecord(r), before.token, r.token, id), append(append(known, s.newUpdate(1, id, before.token, v, &a)),
					s.findLastRead(r.id, a.end)...)...)
			}
			return
		case changed:
			s.markDifferent("id_aliases", a, "an update of %s %q updated %s", s.api.Words.Record, id, s.nameRecord(r))
		case s.isLineIn("id_aliases", Differs):
		case !a.isRefusal(api.Unknown):
			s.markDifferent("id_aliases", a, "an update of %s %q is answered %s", s.api.Words.Record, id, a.describe())
		default:
			s.markKept("id_aliases", a)
		}
	}
}
