package apicheck

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/wait"
)

func (s *session) health(ctx context.Context) error {
	if s.api.Health == nil {
		return nil
	}
	h := s.api.Health
	r, err := s.send(ctx, "health", &h.Request)
	if err != nil {
		return err
	}
	s.findMissing(r, s.showPlaces(h.Seen(r), matchRoles("health.build", "health.tells")))
	if _, err := h.ReadBuild(jx.DecodeBytes(r.Body), &api.Scratch{}, r); err != nil {
		s.addFinding(h.Line, h.Col, "the health call is not answered as the file says: %s", err)
	}
	return nil
}

// makeRecord makes one record with the calls of the seed.
func (s *session) makeRecord(ctx context.Context) error {
	plan := s.api.Seed
	if s.vars.ID != "" {
		return nil
	}
	for i, c := range plan.Once {
		if ok, err := s.create(ctx, fmt.Sprintf("seed.once.%d", i), c); err != nil || !ok {
			return err
		}
	}
	s.vars.ID = s.api.RecordID(s.vars.Tag, s.vars.Number)
	for i, c := range plan.Each {
		ok, err := s.create(ctx, fmt.Sprintf("seed.each.%d", i), c)
		if err != nil || !ok {
			return err
		}
	}
	if s.vars.ID == "" { // only the list tells which record it is
		return s.findByTag(ctx)
	}
	s.made = true
	return nil
}

// create makes one call of the seed; ok is false when what it makes is not there.
func (s *session) create(ctx context.Context, name string, c *api.SeedCall) (ok bool, err error) {
	marker := s.drawMarker()
	until := s.Now().Add(c.Wait)
	for {
		r, err := s.send(ctx, name, &c.Request)
		if err != nil {
			return false, err
		}
		seen := s.showPlaces(c.Seen(r), func(role string) bool {
			key, _, _ := strings.Cut(cutLastKey(role), ".")
			return slices.Contains([]string{"id", "token"}, key) || strings.Contains(role, ".save.")
		})
		made, err := c.Take(jx.DecodeBytes(r.Body), &api.Scratch{}, r, s.vars)
		if err != nil && s.Now().Before(until) {
			if err := wait.For(ctx, 500*time.Millisecond); err != nil {
				return false, err
			}
			continue
		}
		if err != nil {
			s.addFinding(c.Line, c.Col, "nothing was made by %s %s: %s; the answer was HTTP %d %s", c.Method, c.Template(), err, r.Status,
				cutExcerpt(r.Body))
			return false, nil
		}
		s.findMissing(r, seen)
		if s.vars.Saved = made.Saved; made.ID != "" && c.NamesRecord() {
			s.vars.ID = made.ID
		}
		if c.Uses("marker") && strings.HasPrefix(name, "seed.each") {
			s.marker = marker
		}
		return true, nil
	}
}

// read reads the record; readable is false when there is nothing to update.
func (s *session) read(ctx context.Context) (readable bool, err error) {
	if s.api.Read == nil {
		return s.readInList(ctx)
	}
	rd := s.api.Read
	r, err := s.send(ctx, "read", &rd.Request)
	if err != nil {
		return false, err
	}
	if rd.IsMissing(jx.DecodeBytes(r.Body), &api.Scratch{}, r, s.vars) {
		s.addFinding(rd.Line, rd.Col, "the read says that there is no %s %s, which was made a moment ago: HTTP %d %s",
			s.api.Words.Record, s.vars.ID, r.Status, cutExcerpt(r.Body))
		return false, nil
	}
	shown := s.showPlaces(rd.Seen(r), matchRoles("read.token", "read.state", "read.marker", "read.changed"))
	seen, err := rd.ReadSight(jx.DecodeBytes(r.Body), &api.Scratch{}, r, s.vars)
	if err != nil {
		if !s.findMissing(r, shown) {
			s.addFinding(rd.Line, rd.Col, "the read is not answered as the file says: %s; the answer was HTTP %d %s", err, r.Status,
				cutExcerpt(r.Body))
		}
		return false, nil
	}
	s.findMissing(r, shown)
	s.checkSight(seen, rd.Line, rd.Col, "read")
	return true, nil
}

// remove deletes the record that was made.
func (s *session) remove(ctx context.Context) error {
	m := s.api.Seed.Delete
	if m == nil {
		s.print("\nThe file has no call that deletes: %s %s stays, with the tag occbench:%s.\n", s.api.Words.Record, s.vars.ID, s.vars.Tag)
		return nil
	}
	if s.vars.Token = s.seen.Token; m.NeedsToken() && s.api.Read != nil {
		if _, err := s.read(ctx); err != nil {
			return err
		}
		s.vars.Token = s.seen.Token
	}
	r, err := s.send(ctx, "delete", &m.Request)
	if err != nil {
		return err
	}
	if err := m.Check(jx.DecodeBytes(r.Body), &api.Scratch{}, r, s.vars); err != nil {
		s.addFinding(m.Line, m.Col, "%s %s was not deleted: %s; the answer was HTTP %d %s",
			s.api.Words.Record, s.vars.ID, err, r.Status, cutExcerpt(r.Body))
		return nil
	}
	return s.readDeleted(ctx)
}

func (s *session) readDeleted(ctx context.Context) error {
	rd := s.api.Read
	if rd == nil {
		return nil
	}
	r, err := s.send(ctx, "read of what is deleted", &rd.Request)
	if err != nil {
		return err
	}
	if !rd.IsMissing(jx.DecodeBytes(r.Body), &api.Scratch{}, r, s.vars) {
		s.addFinding(rd.Line, rd.Col, "%s %s was deleted, and the read does not say so: HTTP %d %s; want `missing`, how a read says that "+
			"there is none",
			s.api.Words.Record, s.vars.ID, r.Status, cutExcerpt(r.Body))
	}
	return nil
}
