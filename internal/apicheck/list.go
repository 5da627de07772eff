package apicheck

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
)

// listed is our record as the list shows it.
type listed struct {
	id, tag string
	sight   api.Sight
}

// askList reads the list and returns the record that is ours; ok is false where the
// list shows none, or is not as the file says, which is found by then.
func (s *session) askList(ctx context.Context) (ours listed, ok bool, err error) {
	l := s.api.List
	r, err := s.send(ctx, "list", &l.Request)
	if err != nil {
		return ours, false, err
	}
	rows := 0
	err = l.Rows(&api.ListScratch{}, r, s.vars, func(row *api.Row) {
		rows++
		if is := string(row.ID); !ok && (is == s.vars.ID && is != "" || s.vars.ID == "" && client.HasTag(string(row.Tag), s.vars.Tag)) {
			ok = true
			ours = listed{is, string(row.Tag), api.Sight{Token: bytes.Clone(row.Token), State: string(row.State),
				Marker: bytes.Clone(row.Marker)}}
		}
	})
	if err != nil {
		s.addFinding(l.Line, l.Col, "the list is not answered as the file says: %s; the answer was HTTP %d %s", err, r.Status,
			cutExcerpt(r.Body))
		return ours, false, nil
	}
	s.print("    %d records\n", rows)
	shown := s.showPlaces(l.Seen(r, ours.id), matchRoles("list.record"))
	if rows > 0 {
		s.findMissing(r, shown)
	}
	if !ok && s.vars.ID != "" {
		s.addFinding(l.Line, l.Col, "the list never shows %s %s, which is there: %s", s.api.Words.Record, s.vars.ID,
			s.describeRecords(r, rows))
	}
	return ours, ok, nil
}

// describeRecords says what a list shows in which a record is missing.
func (s *session) describeRecords(r *api.Response, rows int) string {
	items := s.api.List.Items
	if rows == 0 {
		return "no record stands at " + items + suggestPlace(r, items)
	}
	return fmt.Sprintf("%d stand at %s, and none has this id at the place of `id`", rows, items)
}

// list reads the list and holds what it shows of our record against the read.
func (s *session) list(ctx context.Context) error {
	l := s.api.List
	if l == nil || s.api.Read == nil && s.vars.ID != "" { // which was read in the list just now
		return nil
	}
	ours, ok, err := s.askList(ctx)
	if err != nil || !ok || s.vars.ID == "" {
		return err
	}
	if string(ours.sight.Token) != string(s.seen.Token) && len(s.seen.Token) > 0 {
		s.addFinding(l.Line, l.Col, "two places disagree: the list shows the token %s of %s %s, and the read before it %s",
			escapeUnprintable(ours.sight.Token), s.api.Words.Record, s.vars.ID, escapeUnprintable(s.seen.Token))
	}
	if s.made && l.HasTag() && !strings.Contains(ours.tag, s.vars.Tag) {
		s.addFinding(l.Line, l.Col, "the list shows %q at the place of `tag`, and the record was made with the tag %s", ours.tag,
			s.vars.Tag)
	}
	return nil
}

// readInList reads our record in the list.
func (s *session) readInList(ctx context.Context) (readable bool, err error) {
	ours, ok, err := s.askList(ctx)
	if err != nil || !ok {
		return false, err
	}
	s.checkSight(ours.sight, s.api.List.Line, s.api.List.Col, "list")
	return len(s.seen.Token) > 0, nil
}

// findByTag finds the record that was made in the list, by its tag.
func (s *session) findByTag(ctx context.Context) error {
	l := s.api.List
	if l == nil {
		return nil
	}
	ours, ok, err := s.askList(ctx)
	if err != nil {
		return err
	}
	if !ok {
		s.addFinding(l.Line, l.Col, "the list never shows the %s that was made: none has the tag %s", s.api.Words.Record,
			client.TagWord(s.vars.Tag))
		return nil
	}
	s.vars.ID, s.made = ours.id, true
	return nil
}
