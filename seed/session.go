package seed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
)

// session is one call of OverHTTP or of CleanOverHTTP.
type session struct {
	client *client.Client
	api    *api.API
	opts   Options
	dice   *dice
	slots  Slots // where the calls use them
	shared map[string]api.Saved
	began  bool     // what records refer to was made
	made   []made   // by this session
	acked  []string // ids of records that the target said it made, where it names them
	lost   int      // creations without a known fate
	result Result

	mu   sync.Mutex
	last string // a creation that was acknowledged, and its answer
}

// newSession returns a session that makes records, or one that only removes them.
func newSession(target client.Config, o Options, makes bool) (*session, error) {
	o, err := o.WithDefaults()
	if err != nil {
		return nil, err
	}
	if target.API == nil {
		return nil, errors.New("seeding needs an API")
	}
	s := &session{api: target.API, opts: o, dice: &dice{src: o.Rand}}
	s.result = Result{API: s.api.Name, Tag: o.Tag, Via: "http", Record: s.api.Words.Record, Wanted: o.Records}
	if target.Date = ""; s.hasDays() {
		s.result.Date, target.Date = o.Date, o.Date
		if makes {
			s.slots, err = NewSlots(o.Date, o.Now())
		}
	}
	if err != nil {
		return nil, err
	}
	s.client, err = client.New(target)
	return s, err
}

// hasDays reports whether the records of the API belong to days.
func (s *session) hasDays() bool {
	var calls []*api.Request
	if s.api.List != nil {
		calls = append(calls, &s.api.List.Request)
	}
	if s.api.Seed != nil {
		for _, made := range [][]*api.SeedCall{s.api.Seed.Once, s.api.Seed.Each} {
			for _, c := range made {
				calls = append(calls, &c.Request)
			}
		}
	}
	for _, c := range calls {
		if c.Uses("date") || c.Uses("slot.start") || c.Uses("slot.end") {
			return true
		}
	}
	return false
}

// isTagged reports whether the list tells our records from others by the tag: it shows
// it, or it is asked for it.
func (s *session) isTagged() bool {
	return s.api.List != nil && (s.api.List.HasTag() || s.api.List.Uses("tag"))
}

// newValues returns the values of a call about a record.
func (s *session) newValues(id string) *api.Vars {
	v := &api.Vars{ID: id, Tag: s.opts.Tag, Date: s.result.Date, Marker: s.dice.drawWord()}
	if n, ok := s.api.RecordNumber(s.opts.Tag, id); ok {
		v.Number = n
	}
	return v
}

// dice is a source of randomness for several goroutines.
type dice struct {
	mu  sync.Mutex
	src *rand.Rand
}

func (d *dice) drawUpTo(limit time.Duration) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Duration(d.src.Int64N(int64(limit) + 1))
}

// drawWord returns a random word, unique for all that matters.
func (d *dice) drawWord() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.ToUpper(strconv.FormatUint(d.src.Uint64()|1<<63, 36))
}

// stubborn is how many passes in a row may come to nothing before SeedOverHTTP
// gives up.
const stubborn = 3

// addHint adds to a failure of a canceled call that nothing is lost.
func (s *session) addHint(ctx context.Context, failed error) error {
	if ctx.Err() == nil {
		return failed
	}
	return fmt.Errorf("%w; the next call counts before it creates", failed)
}
