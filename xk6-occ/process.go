package occ

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.k6.io/k6/v2/lib"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stall"
)

// run is shared by all VUs of the process. The locks guard what happens once
// per VU or per audit; what happens per turn is atomic.
type process struct {
	once  sync.Once
	clock clock
	word  string      // begins the markers of the run
	quota stall.Quota // when the process began
	part  part        // of the run, that this process plays

	recording recording
	tally     client.Tally // of what the history does not tell of the answers
	notes     notes        // of the browsers
	intents   intents      // of people in browsers
	desks     atomic.Int32 // that were taken
	shares    atomic.Int64 // of the operators, that were taken
	firstTurn atomic.Int64 // of the clock, plus one; 0: there was none yet
	lastAudit atomic.Int64 // when it began, of the clock, plus one; 0: there was none yet
	loadEnd   atomic.Int64 // when no turn begins any more, of the clock; 0: it is not known
	exhausted atomic.Bool  // said that the records are used up
	threw     atomic.Bool  // said that a function of a script threw
	attempts  atomic.Int64 // of the operators, so far
	races     races

	signers signers

	mu       sync.Mutex
	apis     map[string]*api.API            // by name
	rosters  map[recordSet]*operator.Roster // of the load
	spare    map[recordSet]*operator.Roster // reserved for races
	timing   map[recordSet]*operator.Roster // the clock records, one of each generator
	arrivals map[string]*arrivals           // by scenario
}

// api returns the API that the target speaks, compiled once.
func (r *process) api(p *run.Spec) (*api.API, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a, known := r.apis[p.API]; known {
		return a, nil
	}
	a, err := p.LoadAPI()
	if err != nil {
		return nil, err
	}
	if r.apis == nil {
		r.apis = map[string]*api.API{}
	}
	r.apis[p.API] = a
	return a, nil
}

// warmupEnd marks the first turn, when there was none, and returns when the
// warm-up that began with it is over.
func (r *process) warmupEnd(warmup time.Duration) int64 {
	r.firstTurn.CompareAndSwap(0, r.clock.now()+1)
	return r.firstTurn.Load() - 1 + int64(warmup)
}

// roster returns the records of a set; the first audit of it decides which they
// are and in which order. A caller that comes before any audit makes one.
func (r *process) roster(b recordSet, audit func() ([]string, error)) (*operator.Roster, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if roster, known := r.rosters[b]; known {
		return roster, nil
	}
	ids, err := audit()
	if err != nil {
		return nil, err
	}
	return r.setRoster(b, ids)
}

// enroll takes the result of an audit as the roster, unless there is one.
func (r *process) enroll(b recordSet, ids []string) error {
	_, err := r.roster(b, func() ([]string, error) { return ids, nil })
	return err
}

// listEnrolled returns the records of a set in play, as far as an audit has found them.
func (r *process) listEnrolled(b recordSet) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ids []string
	for _, roster := range []*operator.Roster{r.rosters[b], r.spare[b], r.timing[b]} {
		if roster != nil {
			ids = append(ids, roster.IDs()...)
		}
	}
	return ids
}

func (r *process) setRoster(b recordSet, ids []string) (*operator.Roster, error) {
	if len(ids) == 0 {
		return nil, fmt.Errorf("there is no %s %s; seed them first (occbench seed)", b.words.One(), b)
	}
	load, spare, timing := divideRecords(ids, b)
	if len(timing) > 0 {
		r.timing[b] = operator.NewRoster(timing)
	}
	switch {
	case len(spare) > 0:
		r.spare[b] = operator.NewRoster(spare)
	case b.races.Rate > 0:
		return nil, newNoRecordsError(b, len(ids))
	}
	r.rosters[b] = operator.NewRoster(load)
	return r.rosters[b], nil
}

// raceRoster returns the records of a set on which races are played; nil: there are
// none.
func (r *process) raceRoster(b recordSet) *operator.Roster {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.spare[b]
}

// clockRecords returns the records on which the generators play in their audits; nil: there are none.
func (r *process) clockRecords(b recordSet) *operator.Roster {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.timing[b]
}

// findArrivals returns the arrivals of a scenario, which all its VUs share.
func (r *process) findArrivals(options lib.Options, scenario *lib.ScenarioState) (*arrivals, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a, known := r.arrivals[scenario.Name]; known {
		return a, nil
	}
	s, err := newSchedule(options, scenario.Name)
	if err != nil {
		return nil, err
	}
	a := newArrivals(s, r.clock.timeAt(scenario.StartTime))
	r.arrivals[scenario.Name] = a
	return a, nil
}

// countTurns sums up the turns of all scenarios at a rate.
func (r *process) countTurns() (planned, dropped int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, a := range r.arrivals {
		p, d := a.counts(r.clock.now())
		planned, dropped = planned+p, dropped+d
	}
	return planned, dropped
}

// detachContext returns a context for requests that are waited for, however the run ends.
func detachContext(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }
