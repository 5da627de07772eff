package occ

import (
	"context"

	"go.k6.io/k6/v2/lib"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/run"
)

// beginRaces starts the crew, once in a process.
func (o *player) beginRaces(state *lib.State) (err error) {
	if o.p.Races.Crew == 0 {
		return nil
	}
	o.run.races.begun.Do(func() {
		records := o.run.raceRoster(recordSetOf(&o.p, o.shop.API()))
		if records == nil {
			state.Logger.Infof(
				"no races are played beside the load: it uses all %d %s with the tag occbench:%s, and races need some of their own",
				o.roster.Len(),
				o.words().Records(),
				o.p.Tag,
			)
			return
		}
		var crew *operator.RaceCrew
		if crew, err = o.newRaceCrew(records); err == nil {
			o.run.races.play(o, crew)
		}
	})
	return err
}

// newRaceCrew returns the race crew, with connections of its own.
func (o *player) newRaceCrew(records *operator.Roster) (*operator.RaceCrew, error) {
	var shops []*client.Client
	for range o.p.Races.Crew {
		client, err := o.dial(&o.p)
		if err != nil {
			return nil, err
		}
		shops = append(shops, client)
	}
	crew, err := operator.NewRaceCrew(operator.Config{
		Roster: records, Number: o.run.part.firstRacer(&o.p), Word: o.run.word, Spec: run.Spec{RandSeed: o.p.RandSeed},
		Record: o.run.recording.record, WarmupEnd: o.run.warmupEnd(o.p.Warmup),
	}, shops)
	if err == nil {
		crew.StartAt(o.run.part.index)
	}
	return crew, err
}

// play lets the crew play beside the scenario of a VU. The VU's own context ends
// with an iteration.
func (r *races) play(o *player, crew *operator.RaceCrew) {
	ctx, end := context.WithCancel(context.Background())
	if at := o.endOfScenario(); !at.IsZero() {
		ctx, end = context.WithDeadline(context.Background(), at)
	}
	done, declared, process, log := make(chan struct{}), o.p.Races, o.run, o.vu.State().Logger
	declared.Rate *= process.part.share // automatic ones follow the attempts of this process alone
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
