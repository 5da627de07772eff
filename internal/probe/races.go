package probe

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
)

// races is the last question.
var races = []question{
	{name: "race", expects: "of {racers} simultaneous updates with one token one is applied, the others get {conflict}", severity: Broken,
		records: 2,
		why:     "two winners are a lost update", ask: (*session).askRaces},
}

// askRaces sends several updates that name the same token to one record at the
// same time, many times over. A server that reads, compares and then writes
// passes every question asked alone, and is found out here.
//
// A slow target is raced for a third of the probe's time, so that the records can
// still be put back.
func (s *session) askRaces(ctx context.Context) {
	r := s.records[1]
	if err := s.refreshRecord(ctx, r); err != nil {
		s.markSkipped("race", "%s", err)
		return
	}
	if s.isFinal(r) {
		s.markSkipped("race", "%s was updated to %s by others", s.nameRecord(r), r.state)
		return
	}
	played := Races{Of: s.opts.Racers}
	until := time.Now().Add(s.opts.Limit / 3)
	for round := 1; round <= s.opts.Rounds && time.Now().Before(until) && ctx.Err() == nil; round++ {
		one := s.runRace(ctx, r)
		played.add(&one)
		if err := s.refreshRecord(ctx, r); err != nil {
			s.markLine("race", Unasked, "", one.findTelling(), err.Error())
			break
		}
		if s.isOvertaken(&one, r) {
			s.markLine("race", Unasked, "", one.findTelling(), "the racers carried a token from a stale read")
			continue
		}
		if !s.judgeRace(round, one, r) {
			break
		}
	}
	if played.Played > 0 {
		s.result.Races = []Races{played}
	}
}

// isFinal reports whether no update leaves the state of a record.
func (s *session) isFinal(r *record) bool {
	return len(s.states().Names) > 0 && s.states().IsFinal(r.state)
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

// race is the result of one round.
type race struct {
	to        string
	token     string
	won       []answer
	lost      []answer // conflicts
	uncertain []answer // no answer, or 5xx: it may have been applied
	busy      []answer // throttled: certainly not applied
	other     []answer
}

func (s *session) runRace(ctx context.Context, c *record) race {
	r := race{to: s.chooseState(c), token: c.token}
	answers := make([]answer, s.opts.Racers)
	start := newBarrier(len(answers))
	var group sync.WaitGroup
	for i := range answers {
		m := &racer{barrier: start}
		group.Go(func() {
			defer m.arrive()
			answers[i] = s.updateRecordOnce(m.context(ctx), int32(i+1), c, r.to, r.token)
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
	case a.isAccepted():
		r.won = append(r.won, a)
	case a.isConflict():
		r.lost = append(r.lost, a)
	case a.isThrottled():
		r.busy = append(r.busy, a)
	case a.err != nil || a.status >= 500:
		r.uncertain = append(r.uncertain, a)
	default:
		r.other = append(r.other, a)
	}
}

// isOvertaken reports whether the racers had no chance because the token they
// carried came from a cache: the losers know of a newer one than the reads do,
// which is then news to the record.
func (s *session) isOvertaken(r *race, c *record) bool {
	if len(r.lost) == 0 || len(r.won)+len(r.uncertain)+len(r.other) > 0 {
		return false
	}
	return s.isSameToken(c.token, r.token) && s.reconcile(c, &r.lost[0])
}

// findTelling returns the answer that says most about the race.
func (r *race) findTelling() answer {
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
func (s *session) judgeRace(round int, r race, c *record) (goOn bool) {
	a, racers := r.findTelling(), s.opts.Racers
	a.asked = fmt.Sprintf("%d × %s", racers, a.asked)
	switch {
	case s.isLineIn("race", Differs):
		return len(r.other) == 0 && !s.isFinal(c)
	case len(r.won) > 1:
		a = r.won[len(r.won)-1]
		s.markDifferent("race", a, "LOST UPDATE: in round %d, %d of %d racers were told that they updated the %s from the token %s",
			round, len(r.won), racers, s.api.Words.Record, shortenToken(r.token))
		s.proveRace(c, r.token)
		return !s.isFinal(c)
	case len(r.other) > 0:
		s.markDifferent("race", a, "in round %d, %d of %d racers were answered %s instead of %s", round, len(r.other), racers, a.describe(),
			s.api.Update.ConflictText())
	case len(r.won)+len(r.uncertain) == 0 && len(r.busy) == 0:
		s.markDifferent("race", a, "in round %d all %d racers were refused, and the token went from %s to %s", round, racers,
			shortenToken(r.token), shortenToken(c.token))
	case len(r.uncertain)+len(r.busy) > 0:
		if !s.isLineIn("race", OK) {
			s.markLine("race", Unasked, "", a,
				fmt.Sprintf("in round %d, %d of %d racers got no answer that decides (%s)", round, len(r.uncertain)+len(r.busy), racers,
					a.describe()))
		}
		return true
	default:
		return s.judgeWon(round, a, &r, c)
	}
	return false
}

// proveRace keeps two winners of the last race as the proof of a lost update. The
// checker proves it too, but not where tokens come back.
func (s *session) proveRace(c *record, token string) {
	var won []history.Op
	for i := len(s.ops) - 1; i >= 0 && len(won) < 2; i-- {
		if o := &s.ops[i]; o.Record == c.id && o.Outcome == history.Applied && o.SentToken() == token {
			won = append(won, *o)
		}
	}
	if len(won) == 2 {
		s.proveDefect(check.OCC01, fmt.Sprintf("Two updates of %s with the token %s, sent at the same instant, were both confirmed: one "+
			"of them is lost.",
			s.nameRecord(c), shortenToken(token)), won[1], won[0])
	}
}

// judgeWon judges what is shown after a race that one racer won.
func (s *session) judgeWon(round int, a answer, r *race, c *record) (goOn bool) {
	answered := string(r.won[0].said.Token)
	switch {
	case s.isSameToken(c.token, r.token):
		s.warn("after round %d of the race, %s is shown with the token %s although a racer was told %s: a stale read, or a phantom success",
			round, s.nameRecord(c), shortenToken(c.token), quoteText(answered))
		if answered != "" {
			c.token, c.state = answered, r.to
		}
		s.markKept("race", a)
		return true
	case s.api.Counting && !s.countsOn(r.token, c.token):
		s.markDifferent("race", a, "in round %d one racer won, and the token went from %s to %s", round, r.token, c.token)
		return false
	}
	s.markKept("race", a)
	return true
}
