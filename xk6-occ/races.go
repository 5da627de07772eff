package occ

import (
	"context"
	"fmt"
	"sync"

	"go.k6.io/k6/v2/lib"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
)

// races is the crew that plays races beside the operators of the process, from
// the first turn until the end of its scenario or the last audit, whichever comes
// first: what is sent after an audit is not in it.
type races struct {
	begun sync.Once
	mu    sync.Mutex
	end   context.CancelFunc // nil: no crew plays
	done  chan struct{}
}

// firstRacer is the preset of OCC_RACE_FIRST: beyond the VUs of any k6, before the
// people in browsers.
const firstRacer = 50_001

// beginRaces starts the crew, once in a process.
func (o *player) beginRaces(state *lib.State) (err error) {
	if o.p.Races.Crew == 0 {
		return nil
	}
	o.run.races.begun.Do(func() {
		records := o.run.reserved(boardOf(&o.p))
		if records == nil {
			state.Logger.Infof(
				"no races are played beside the load: it uses all %d records with the tag occbench:%s, and races need records of their own",
				o.roster.Len(),
				o.p.Tag,
			)
			return
		}
		var crew *operator.RaceCrew
		if crew, err = o.raceCrew(records); err == nil {
			o.run.races.play(o, crew)
		}
	})
	return err
}

// raceCrew makes the crew, with connections of its own.
func (o *player) raceCrew(records *operator.Roster) (*operator.RaceCrew, error) {
	var shops []*client.Client
	for range o.p.Races.Crew {
		client, err := o.shop(&o.p)
		if err != nil {
			return nil, err
		}
		shops = append(shops, client)
	}
	first := firstRacer
	if o.p.FirstRacer > 0 {
		first = o.p.FirstRacer
	}
	return operator.NewRaceCrew(operator.Config{
		Roster: records, Number: int32(first), Spec: run.Spec{RandSeed: o.p.RandSeed}, Record: o.run.recording.record, WarmupEnd: o.run.warmupEnd(o.p.Warmup),
	}, shops)
}

// play lets the crew play beside the scenario of a VU. The VU's own context ends
// with an iteration.
func (r *races) play(o *player, crew *operator.RaceCrew) {
	ctx, end := context.WithCancel(context.Background())
	if at := o.endOfScenario(); !at.IsZero() {
		ctx, end = context.WithDeadline(context.Background(), at)
	}
	done, declared, process, log := make(chan struct{}), o.p.Races, o.run, o.vu.State().Logger
	r.mu.Lock()
	r.end, r.done = end, done
	r.mu.Unlock()
	go func() {
		defer close(done)
		defer func() {
			if fault := recover(); fault != nil {
				log.Errorf("playing races: internal error: %v", fault)
			}
		}()
		crew.Play(ctx, declared, process.attempts.Load)
	}()
}

// stop ends the crew and waits for the race that is under way.
func (r *races) stop() {
	r.mu.Lock()
	end, done := r.end, r.done
	r.mu.Unlock()
	if end != nil {
		end()
		<-done
	}
}

// reserve divides the records with the tag, in the order of the audit, into those
// of the load and those that are kept for races. A load that uses all leaves a
// tenth at most, and otherwise nothing.
func reserve(ids []string, b board) (load, races []string) {
	load = ids
	if b.cards > 0 && b.cards < len(ids) {
		load, races = ids[:b.cards], ids[b.cards:]
	}
	need := b.races.Records()
	if b.cards == 0 && len(ids) >= 10*need {
		load, races = ids[:len(ids)-need], ids[len(ids)-need:]
	}
	return load, races[:min(need, len(races))]
}

// errNoRecords is the error of races that are declared and cannot be played.
func errNoRecords(b board, there int) error {
	return fmt.Errorf(
		"races %s cannot be played: the board of %s holds %d cards with the tag occbench:%s, the load uses them all, and races need %d of "+
			"their own; seed more (occbench seed), or use --races off",
		b.races,
		b.date,
		there,
		b.tag,
		workload.RaceRecords,
	)
}
