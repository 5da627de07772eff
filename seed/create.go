package seed

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/go-faster/jx"
	"golang.org/x/sync/errgroup"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/noun"
)

// makeAll makes a record for each name, empty ones for the server to give, and
// returns the ids of those that the target acknowledged, and the most telling error.
// Several are under way at once; they are never cut off for the failure of another:
// that would leave them without a fate.
func (s *session) makeAll(ctx context.Context, names []string) (acked []string, err error) {
	if s.api.Seed == nil {
		return nil, &callError{what: fmt.Sprintf("making %d more %ss", len(names), s.result.Record),
			cause: exit.Usagef("API %s has no `seed`, the calls that make records; add them to its file, or make the records by other "+
				"means",
				s.api.Name)}
	}
	if err := s.makeShared(ctx); err != nil {
		return nil, err
	}
	var group errgroup.Group
	group.SetLimit(s.opts.Parallel)
	score := &score{patience: s.opts.Parallel}
	for i, name := range names {
		if ctx.Err() != nil || score.isHopeless() {
			break
		}
		group.Go(func() error {
			id, err := s.makeOne(ctx, name, i, len(names))
			score.add(id, err)
			s.remember(made{id, i, len(names)})
			return nil
		})
	}
	_ = group.Wait() // the errors are in the score
	s.lost += score.unknown
	if score.err == nil && ctx.Err() != nil {
		return score.acked, context.Cause(ctx)
	}
	return score.acked, score.err
}

// remember keeps a record that was made; one without an id cannot be asked for anything.
func (s *session) remember(m made) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.id != "" {
		s.made = append(s.made, m)
	}
}

// makeShared makes what records refer to, once. None of it is a record, so one too
// many after a lost answer does no harm.
func (s *session) makeShared(ctx context.Context) error {
	if s.began {
		return nil
	}
	s.shared = map[string]api.Saved{}
	for _, call := range s.api.Seed.Once {
		v := s.newValues("")
		v.Saved = s.shared
		s.setSlot(v, 0, 1)
		made, err := s.createPatiently(ctx, "creating what "+s.result.Record+"s refer to", call, v, true)
		if err != nil {
			return err
		}
		s.shared = made.Saved
	}
	s.began = true
	return nil
}

// makeOne makes record i of n and returns its id; empty where no answer told it.
func (s *session) makeOne(ctx context.Context, name string, i, n int) (id string, err error) {
	v := s.newValues(name)
	v.Saved = maps.Clone(s.shared)
	if name == "" {
		v.Number = s.result.Found + s.result.Created + i
	}
	s.setSlot(v, i, n)
	for _, call := range s.api.Seed.Each {
		made, err := s.createPatiently(ctx, "creating "+noun.WithArticle(s.result.Record), call, v, name != "")
		if err != nil {
			return "", err
		}
		if v.Saved = made.Saved; made.ID != "" {
			id, v.ID = made.ID, made.ID
		}
	}
	if name != "" {
		return name, nil
	}
	return id, nil
}

func (s *session) setSlot(v *api.Vars, i, n int) {
	if s.result.Date == "" {
		return
	}
	start, end := s.slots.At(i, n)
	v.SlotStart, v.SlotEnd = start.Format(time.RFC3339), end.Format(time.RFC3339)
}

// createPatiently is create for a call that may take a while to be answered as it
// should be, such as one that asks whether a table is ready.
func (s *session) createPatiently(ctx context.Context, what string, call *api.SeedCall, v *api.Vars, harmless bool) (api.Made, error) {
	until := time.Now().Add(call.Wait)
	for {
		made, err := s.create(ctx, what, call, v, harmless)
		if err == nil || call.Wait == 0 || time.Now().After(until) || waitFor(ctx, s.opts.Backoff) != nil {
			return made, err
		}
	}
}

// create sends a call that makes something. One that certainly had no effect is
// sent again, up to Options.Attempts times; one without a known fate too where a
// second time does no harm (harmless).
func (s *session) create(ctx context.Context, what string, call *api.SeedCall, v *api.Vars, harmless bool) (api.Made, error) {
	for attempt := 1; ; attempt++ {
		made, failed := s.createOnce(ctx, what, call, v)
		if failed == nil {
			return made, nil
		}
		again := failed.fate == noEffect || failed.fate == unknown && harmless
		if !again || attempt >= s.opts.Attempts || ctx.Err() != nil {
			return api.Made{}, failed
		}
		if waitFor(ctx, s.choosePause(attempt, failed.wait)) != nil {
			return api.Made{}, failed
		}
		v.Marker = s.dice.drawWord() // what carries the old one may exist
	}
}

func (s *session) createOnce(ctx context.Context, what string, call *api.SeedCall, v *api.Vars) (api.Made, *callError) {
	ctx, done := withGrace(ctx)
	defer done()
	a, failed := s.sendCall(ctx, what, &call.Request, v)
	if failed != nil {
		return api.Made{}, failed
	}
	made, err := call.Take(jx.DecodeBytes(a.Body), &api.Scratch{}, a.response(), v)
	if err != nil {
		return made, &callError{what: what, fate: s.classifyAnswer(&a), wait: retryAfter(a.Header), cause: s.explainAnswer(&a, err)}
	}
	if made.ID != "" && !isUsableID(made.ID) {
		return made, &callError{what: what, cause: fmt.Errorf("%s, and its id cannot be recorded: it is longer than 1,024 bytes as "+
			"history.csv writes it, or a . or .. that no path can hold", a.describe())}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = a.describe()
	return made, nil
}

// explainAnswer says what was asked and answered, and what is wrong with that where the
// status does not tell it.
func (s *session) explainAnswer(a *answer, err error) error {
	if strings.HasPrefix(err.Error(), "it has HTTP status") {
		return errors.New(a.describe())
	}
	return fmt.Errorf("%s, and %w", a.describe(), err)
}

// score counts what came of the calls of one makeAll.
type score struct {
	mu           sync.Mutex
	patience     int
	acked        []string
	done, failed int
	unknown      int   // of the failed, those that may have made a record
	err          error // a refusal if there was one, else the first failure
}

func (s *score) add(id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		if s.done++; id != "" {
			s.acked = append(s.acked, id)
		}
		return
	}
	s.failed++
	var failed *callError
	if errors.As(err, &failed) && failed.fate == unknown {
		s.unknown++
	}
	if s.err == nil || isRefusal(err) && !isRefusal(s.err) {
		s.err = err
	}
}

// isHopeless reports whether going on is pointless: the target refuses, or fails
// more often than it answers.
func (s *score) isHopeless() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return isRefusal(s.err) || s.failed >= s.patience && s.failed > s.done
}
