package operator

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/workload"
)

// RaceCrew plays races beside a load, on records of its own: all its operators
// read the same version of a record and send an update with it at the same instant.
//
// A server that compares the version first and writes afterwards loses an update
// only when two updates meet in between. Ordinary turns meet there by luck, so
// without races such a server passes. A crew is not for concurrent use.
type RaceCrew struct {
	operators []*Operator
	shops     []*client.Client // of each
	next      int              // index of the record of the next race
	played    int
}

// NewRaceCrew returns a crew with an operator for each shop, numbered from
// cfg.Number on; cfg.Shop, Picker and Walk mean nothing to it. Shops that share no
// connections have one each that is open when a race begins.
func NewRaceCrew(cfg Config, shops []*client.Client) (*RaceCrew, error) {
	c := &RaceCrew{shops: shops}
	cfg.Walk = workload.Cycle // which never uses a record up
	for i, s := range shops {
		member := cfg
		member.Shop, member.Number = s, cfg.Number+int32(i)
		member.Picker = workload.Pick{}.NewPicker(max(cfg.Roster.Len(), 1), 1, 1)
		o, err := New(member)
		if err != nil {
			return nil, err
		}
		o.flags = history.Race
		c.operators = append(c.operators, o)
	}
	return c, nil
}

// StartAt makes the first race one on the record at an index. Crews that share
// records seldom meet when they start apart.
func (c *RaceCrew) StartAt(record int) { c.next = record }

// lookForRoom is how often the crew looks whether the load has made enough
// attempts for another automatic race.
const lookForRoom = 20 * time.Millisecond

// Play plays races until the context ends, at their rate or, automatic ones, as
// often as the attempts that the load has made so far allow. A race that is under
// way then is finished.
func (c *RaceCrew) Play(ctx context.Context, races workload.Races, attempts func() int64) {
	first := c.operators[0]
	for due := first.now(); ctx.Err() == nil; {
		if races.Auto {
			for !races.IsAllowed(c.played, attempts()) && first.sleepFor(ctx, lookForRoom) == nil {
			}
		} else {
			// A race that is late is not made up for: two in a row would be a burst.
			due = max(due+int64(float64(time.Second)/races.Rate), first.now())
			_ = first.sleepFor(ctx, time.Duration(due-first.now()))
		}
		if ctx.Err() != nil {
			return
		}
		sent, last := c.race(context.WithoutCancel(ctx))
		first.rest(ctx, 0, &last, !sent || isTroubled(&last))
	}
}

// race plays one race and reports whether anything was sent. It returns the
// answer that asks most for patience.
func (c *RaceCrew) race(flight context.Context) (sent bool, worst client.Answer) {
	at, reads, agreed := c.readAll(flight)
	for i, o := range c.operators {
		o.recordRead(&reads[i], at, 1)
	}
	if !agreed {
		return false, findMostTroubled(reads)
	}
	picked := c.operators[0].pickedAt(at)
	updates, answers := make([]client.BuiltUpdate, len(c.operators)), make([]client.Answer, len(c.operators))
	drafts := make([]client.Attempt, len(c.operators))
	var follower *Operator // the first loser
	var next client.Attempt
	var followed client.Answer
	var taken atomic.Bool
	c.doTogether(
		func(i int, o *Operator) {
			wish := picked // each racer has its own, so that a lost one can be told from the other
			if to, ok := o.nextState(picked.State); ok && i > 0 {
				wish.To = to
			}
			drafts[i] = o.newAttempt(&wish)
			updates[i] = c.shops[i].BuildUpdate(flight, &drafts[i])
		},
		func(i int, o *Operator) {
			answers[i] = updates[i].Send(flight)
			if now, ok := o.chooseNext(picked, &answers[i]); ok && !taken.Swap(true) {
				follower, next = o, o.newAttempt(&now)
				followed = o.cfg.Shop.Update(flight, &next)
			}
		},
	)
	c.played++
	c.recordAttempts(answers, drafts)
	if follower != nil {
		follower.recordAttempt(&followed, &next, 2, 0)
	}
	return true, findMostTroubled(answers)
}

// chooseNext returns what the loser of a race does next, at once and without reading: an update
// from the version that its 409 told. A server that reads the version of its answer after the
// commit tells the winner the version of this update.
func (o *Operator) chooseNext(picked Picked, lost *client.Answer) (next Picked, ok bool) {
	newer := lost.Token > picked.Token
	if picked.TokenText != "" {
		newer = lost.TokenText != "" && lost.TokenText != picked.TokenText
	}
	if lost.Outcome != history.Conflict || !newer {
		return picked, false
	}
	picked.State, picked.Token, picked.TokenText = lost.State, lost.Token, lost.TokenText
	picked.To, ok = o.nextState(picked.State)
	return picked, ok
}

// doTogether lets every operator do a first thing and, when all have done it and
// not before, all at once a second one; nil: there is none.
func (c *RaceCrew) doTogether(first, second func(i int, o *Operator)) {
	var ready, done sync.WaitGroup
	barrier := make(chan struct{})
	faults := make([]any, len(c.operators))
	for i, o := range c.operators {
		ready.Add(1)
		done.Go(func() {
			defer func() { faults[i] = recover() }()
			func() {
				defer ready.Done()
				first(i, o)
			}()
			if second != nil {
				<-barrier
				second(i, o)
			}
		})
	}
	ready.Wait()
	close(barrier)
	done.Wait()
	for _, fault := range faults {
		if fault != nil {
			panic(fault)
		}
	}
}

// readAll lets every operator read, all at once, and returns the record that they
// race on, if they agree on one.
func (c *RaceCrew) readAll(flight context.Context) (at int, reads []client.Answer, agreed bool) {
	reads = make([]client.Answer, len(c.operators))
	if !c.operators[0].single {
		c.doTogether(func(i int, o *Operator) { reads[i] = o.readList(flight) }, nil)
		at, agreed = c.findAgreed()
		return at, reads, agreed
	}
	at = c.next % c.operators[0].cfg.Roster.Len()
	c.next++
	c.doTogether(func(i int, o *Operator) { reads[i] = o.readSingle(flight, at) }, nil)
	return at, reads, c.agreeOn(at)
}

// findAgreed returns the next record that every operator of the crew can update, and
// that all saw in the same version. Without one it returns where to look next.
func (c *RaceCrew) findAgreed() (at int, agreed bool) {
	records := c.operators[0].cfg.Roster.Len()
	for range records {
		at = c.next % records
		c.next++
		if c.agreeOn(at) {
			return at, true
		}
	}
	return at, false
}

func (c *RaceCrew) agreeOn(at int) bool {
	seen := c.operators[0].view.sightOf(at)
	for _, o := range c.operators {
		if !o.view.canUpdate(at, o.cfg.Walk) || o.view.sightOf(at) != seen {
			return false
		}
	}
	return true
}

// recordAttempts records the updates of a race in the order of their answers.
func (c *RaceCrew) recordAttempts(answers []client.Answer, drafts []client.Attempt) {
	order := make([]int, len(answers))
	for i := range order {
		order[i] = i
	}
	end := func(i int) int64 {
		if answers[i].End == history.None {
			return math.MaxInt64
		}
		return answers[i].End
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(end(a), end(b)) })
	for _, i := range order {
		c.operators[i].recordAttempt(&answers[i], &drafts[i], 1, 0)
	}
}

// findMostTroubled returns the answer after which a server is left alone for the
// longest time.
func findMostTroubled(answers []client.Answer) client.Answer {
	patience := func(a *client.Answer) time.Duration {
		if isTroubled(a) {
			return 1 + limitPause(a)
		}
		return 0
	}
	return slices.MaxFunc(answers, func(a, b client.Answer) int { return cmp.Compare(patience(&a), patience(&b)) })
}
