package probe

import (
	"context"
	"fmt"
	"slices"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/stats"
)

// recordsNeeded is how many usable records the questions need: one for most of them
// and one for the races, so that a broken answer to the first does not spoil the
// second.
const recordsNeeded = 2

// gatherRecords finds the records that may be updated, and asks for some when there are
// too few. It returns why there are not enough, or "".
func (s *session) gatherRecords(ctx context.Context) (reason string) {
	found, err := s.findRecords(ctx)
	if err == nil && found < recordsNeeded && s.opts.Provide != nil {
		found, err = s.provideRecords(ctx)
	}
	s.result.Records = found
	if s.odd > 0 {
		s.warn("%d rows of the %s tagged %s have an id that cannot be recorded; they are left out", s.odd, s.api.Words.List,
			client.TagWord(s.opts.Tag))
	}
	switch {
	case s.isOver():
		return s.result.Reason
	case err != nil:
		reason = fmt.Sprintf("there is no %s to update: %s", s.api.Words.Record, err)
	case found < recordsNeeded:
		reason = fmt.Sprintf("it has %d usable %ss tagged %s and %d are needed; `occbench seed` makes them",
			found, s.api.Words.Record, client.TagWord(s.opts.Tag), recordsNeeded)
	default:
		return ""
	}
	s.records = nil
	return reason
}

// provideRecords has records made. The list is asked anew then: only with records in it does
// it show what it makes of them.
func (s *session) provideRecords(ctx context.Context) (int, error) {
	ids, err := s.opts.Provide(ctx, recordsNeeded)
	if err != nil {
		return 0, err
	}
	s.opts.Known = ids
	if s.api.List != nil {
		if s.askList(ctx); s.isOver() {
			return 0, nil
		}
	}
	return s.findRecords(ctx)
}

// findRecords counts the usable records of ours, and keeps the first ones.
func (s *session) findRecords(ctx context.Context) (int, error) {
	s.records = nil
	if s.api.List == nil {
		return s.findRecordsByID(ctx)
	}
	rows, a, err := s.readList(ctx)
	if err != nil {
		return 0, err
	}
	found := 0
	for i := range rows {
		r := &rows[i]
		if !s.isOurs(r) || !s.isUsable(r) {
			continue
		}
		if found++; found <= recordsNeeded {
			r.home = r.state
			s.records = append(s.records, r)
			s.recordRead(r, &a)
		}
	}
	return found, nil
}

// searched is how many of our names are tried where there is no list.
const searched = 16

// findRecordsByID reads records by the ids that were made or that we give.
func (s *session) findRecordsByID(ctx context.Context) (int, error) {
	ids := slices.Clone(s.opts.Known)
	for n := 1; n <= searched && s.api.IDs != nil; n++ {
		if id := s.api.RecordID(s.opts.Tag, n); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	found, refused := 0, ""
	for i, id := range ids {
		if found >= recordsNeeded && i >= searched {
			break
		}
		a, sight, err := s.readRecord(ctx, id)
		if a.err != nil {
			if reason, final := explainUnreachable(a.err); final || i == 0 {
				s.endProbe("%s", reason)
			}
			return found, a.err
		}
		if err != nil {
			if refused == "" && (a.status < 400 && !s.isMissing(&a, id) || a.status == 401 || a.status == 403) {
				refused = s.explainForeign(&a, "the "+s.nameRecord(&record{id: id}), err)
			}
			continue
		}
		r := &record{id: id, token: s.canonicalToken(string(sight.Token)), state: sight.State, marker: string(sight.Marker),
			home: sight.State}
		if !s.isUsable(r) {
			continue
		}
		if found++; found <= recordsNeeded {
			s.records = append(s.records, r)
			s.recordRead(r, &a)
		}
	}
	if found == 0 && refused != "" {
		s.endProbe("%s", refused)
	}
	return found, nil
}

// isMissing reports whether an answer to a read says that there is no such record.
func (s *session) isMissing(a *answer, id string) bool {
	return s.api.Read.IsMissing(jx.DecodeBytes(a.body), &api.Scratch{}, a.response(), s.newValues(id))
}

// isOurs reports whether a row of the list is a record of ours: by its name, by its
// tag, or because it is known by its id.
func (s *session) isOurs(r *record) bool {
	if _, named := s.api.RecordNumber(s.opts.Tag, r.id); named {
		return true
	}
	return s.isTagged(r) || slices.Contains(s.opts.Known, r.id)
}

// isUsable reports whether an update of a record is possible.
func (s *session) isUsable(r *record) bool {
	if s.api.Counting && api.Integer(r.token) < 1 || r.token == "" {
		return false
	}
	return len(s.states().Names) == 0 || !s.states().IsFinal(r.state)
}

// restoreRecords updates the records back to where they stood, as far as legal steps lead
// there. Others may have updated them too, so a conflict is no reason to insist.
func (s *session) restoreRecords(ctx context.Context) {
	for _, r := range s.records {
		if err := s.resetRecord(ctx, r); err != nil {
			s.warn("%s was not put back in %s: %s", s.nameRecord(r), r.home, err)
		}
	}
}

func (s *session) resetRecord(ctx context.Context, r *record) error {
	if err := s.refreshRecord(ctx, r); err != nil {
		return err
	}
	if r.state == r.home {
		return nil
	}
	for _, next := range s.states().Route(r.state, r.home) {
		a := s.updateRecord(ctx, r, next, r.token)
		if !a.isAccepted() {
			return fmt.Errorf("the update from %s to %s was answered %s", r.state, next, a.describe())
		}
		if err := s.refreshRecord(ctx, r); err != nil {
			return err
		}
	}
	if r.state != r.home {
		return fmt.Errorf("it stands in %s", r.state)
	}
	return nil
}

// measureLatency measures the latency of reads and updates as a run without contention
// would see it: medians, because the first of a cold server says nothing. The
// connections are open and the server is warm by now.
func (s *session) measureLatency(ctx context.Context) {
	r := s.records[0]
	if s.refreshRecord(ctx, r) != nil {
		return
	}
	call := func() answer { return s.askOnce(ctx, &s.api.Read.Request, s.newValues(r.id)) }
	if s.api.List != nil {
		call = func() answer { return s.askOnce(ctx, &s.api.List.Request, s.newValues("")) }
	}
	var reads, updates []float64
	for range s.opts.Samples {
		if a := call(); a.isSuccess() {
			reads = append(reads, a.milliseconds())
		}
		if a := s.updateRecordOnce(ctx, 1, r, s.chooseState(r), r.token); a.isAccepted() {
			updates = append(updates, a.milliseconds())
		}
		if s.refreshRecord(ctx, r) != nil {
			break
		}
	}
	s.result.ReadMS, s.result.UpdateMS = stats.Median(reads), stats.Median(updates)
}
