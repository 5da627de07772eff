package probe

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/occbench/occbench/internal/api"
)

// askRaces lets several movers who read the same version move one card at the
// same time, many times over. A server that reads, compares and then writes
// passes every question asked alone, and is found out here.
//
// A slow target is raced for a third of the probe's time, so that the cards can
// still be put back.
func (p *prober) askRaces(ctx context.Context) {
	c := p.cards[1]
	if err := p.refresh(ctx, c); err != nil {
		p.settle("race", Unasked, "", answer{}, err.Error())
		return
	}
	if p.api.States.Final(c.State) {
		p.settle("race", Unasked, "", answer{}, fmt.Sprintf("card %s was moved to %s by somebody else", c.ID, c.State))
		return
	}
	races := Races{Of: p.opts.Movers}
	until := time.Now().Add(p.opts.Limit / 3)
	for round := 1; round <= p.opts.Rounds && time.Now().Before(until) && ctx.Err() == nil; round++ {
		race := p.runRace(ctx, c)
		races.add(&race)
		if err := p.refresh(ctx, c); err != nil {
			p.settle("race", Unasked, "", race.telling(), err.Error())
			break
		}
		if race.overtaken(&p.api.States, c) {
			p.settle("race", Unasked, "", race.telling(), "the movers carried a version from a stale read")
			continue
		}
		if !p.judgeRace(round, race, c) {
			break
		}
	}
	if races.Played > 0 {
		p.result.Races = []Races{races}
	}
}

// add counts a race.
func (r *Races) add(one *race) {
	switch {
	case len(one.won) > 1:
		r.Played++
		r.Lost++
	case len(one.won) == 1 && len(one.won)+len(one.lost) == r.Of:
		r.Played++
	}
}

// race is what came of one round.
type race struct {
	to        string
	expected  int64
	won       []answer
	lost      []answer // conflicts
	uncertain []answer // no answer, or 5xx: it may have been applied
	busy      []answer // throttled: certainly not applied
	other     []answer
}

func (p *prober) runRace(ctx context.Context, c *card) race {
	r := race{to: p.api.States.Onward(c.State), expected: c.Token}
	answers := make([]answer, p.opts.Movers)
	start := newBarrier(len(answers))
	var group sync.WaitGroup
	for i := range answers {
		m := &mover{barrier: start}
		group.Go(func() {
			defer m.arrive()
			answers[i] = p.moveOnce(m.context(ctx), int32(i+1), c.ID, r.to, r.expected)
		})
	}
	group.Wait()
	for _, a := range answers {
		r.add(a)
	}
	return r
}

func (r *race) add(a answer) {
	switch {
	case a.success():
		r.won = append(r.won, a)
	case a.conflict():
		r.lost = append(r.lost, a)
	case a.throttled():
		r.busy = append(r.busy, a)
	case a.err != nil || a.status >= 500:
		r.uncertain = append(r.uncertain, a)
	default:
		r.other = append(r.other, a)
	}
}

// overtaken reports whether the movers had no chance because the version they
// carried came from a cache: the losers know of a newer one than the reads do,
// which is then news to c.
func (r *race) overtaken(states *api.States, c *card) bool {
	if len(r.lost) == 0 || len(r.won)+len(r.uncertain)+len(r.other) > 0 {
		return false
	}
	return c.Token <= r.expected && c.reconcile(states, &r.lost[0])
}

// telling returns the answer that says most about the race.
func (r *race) telling() answer {
	for _, answers := range [][]answer{r.other, r.uncertain, r.busy, r.won, r.lost} {
		if len(answers) > 0 {
			return answers[len(answers)-1]
		}
	}
	return answer{}
}

// judgeRace decides the line by one round, and reports whether another one
// could say more. A round in which answers are missing says nothing, against
// the line or for it; after a lost update the others say how often one is lost.
func (p *prober) judgeRace(round int, r race, c *card) (goOn bool) {
	a := r.telling()
	a.asked = fmt.Sprintf("%d × %s", p.opts.Movers, a.asked)
	movers := p.opts.Movers
	lost := p.result.Lines[rowIndex("race")].State == Differs
	switch {
	case lost && len(r.other) == 0 && !p.api.States.Final(c.State):
		return true
	case lost:
	case len(r.won) > 1:
		a = r.won[len(r.won)-1]
		p.differs(
			"race",
			a,
			"LOST UPDATE: in round %d, %d of %d movers were told that they moved the card from version %d",
			round,
			len(r.won),
			movers,
			r.expected,
		)
		return !p.api.States.Final(c.State)
	case len(r.other) > 0:
		p.differs(
			"race",
			a,
			"in round %d, %d of %d movers were answered %s instead of %s",
			round,
			len(r.other),
			movers,
			a.words(),
			p.api.Update.ConflictText(),
		)
	case len(r.won)+len(r.uncertain) == 0 && len(r.busy) == 0:
		p.differs(
			"race",
			a,
			"in round %d nobody won: all %d movers were refused, and the version went from %d to %d",
			round,
			movers,
			r.expected,
			c.Token,
		)
	case len(r.uncertain)+len(r.busy) > 0:
		if p.result.Lines[rowIndex("race")].State != OK {
			p.settle(
				"race",
				Unasked,
				"",
				a,
				fmt.Sprintf("in round %d, %d of %d movers got no answer that decides (%s)", round, len(r.uncertain)+len(r.busy), movers, a.words()),
			)
		}
		return true
	case c.Token <= r.expected:
		p.warn(
			"after round %d of the race, card %s is shown with version %d although a mover was told %d: a stale read, or a phantom success",
			round,
			c.ID,
			c.Token,
			r.expected+1,
		)
		c.Token, c.State = r.expected+1, r.to
		p.ok("race", a)
		return true
	case c.Token != r.expected+1:
		p.differs("race", a, "in round %d one mover won, and the version went from %d to %d", round, r.expected, c.Token)
	default:
		p.ok("race", a)
		return true
	}
	return false
}
