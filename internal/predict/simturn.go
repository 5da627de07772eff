package predict

import "github.com/occbench/occbench/internal/workload"

// simCard is a card on the simulated server. The newest installs are kept
// because a held board looks back past the newest one.
type simCard struct {
	version int
	newest  [8]install // install v is at v modulo 8
}

type install struct {
	at float64
	by int
}

func (c *simCard) install(at float64, by int) {
	c.version++
	c.newest[c.version%len(c.newest)] = install{at: at, by: by}
}

// since counts the installs after a moment, as far as they are kept, and says
// whether another operator made one of them: an operator knows its own moves.
func (c *simCard) since(moment float64, by int) (installs int, foreign bool) {
	for v := c.version; v > 0 && c.version-v < len(c.newest); v-- {
		in := c.newest[v%len(c.newest)]
		if in.at <= moment {
			break
		}
		installs++
		foreign = foreign || in.by != by
	}
	return installs, foreign
}

func (s *simulation) startTurn(now float64, i int) {
	a := &s.actors[i]
	a.attempt = 1
	a.stage = reading
	a.counted = now >= s.Warmup.Seconds() && now < s.until
	if now >= s.until {
		return
	}
	if s.Refresh > 0 { // the board is on the screen, and as old as it happens to be
		age := s.r.Float64() * s.Refresh.Seconds()
		a.call = Attempt{ReadStart: now - age, ReadEnd: now - age}
		a.readAt = now - age
		s.queue.push(now, i)
		return
	}
	s.readBoard(now, i)
}

func (s *simulation) readBoard(now float64, i int) {
	a := &s.actors[i]
	latency := s.draw(s.Board)
	a.call = Attempt{ReadStart: now, ReadEnd: now + latency}
	a.readAt = now + latency/2
	s.queue.push(a.readAt, i)
}

// pick chooses the turn's card on the board just read, or held.
func (s *simulation) pick(now float64, i int) {
	a := &s.actors[i]
	card, ok := s.movable(a.picker.Pick(s.r))
	if !ok {
		s.seen.RanOutAt = now
		return
	}
	if a.counted {
		s.seen.Turns++
	}
	a.card = card
	installs, _ := s.cards[card].since(a.readAt, i)
	a.began = s.cards[card].version - installs
	s.move(max(now, a.call.ReadEnd)+s.wait(s.Think), i)
}

// movable walks forward from a card to the next one that can be moved, round
// the end of the list if need be.
func (s *simulation) movable(card int) (int, bool) {
	if s.Walk == workload.Cycle {
		return card, true
	}
	if found := s.walk(card); found < s.Cards {
		return found, true
	}
	found := s.walk(card % s.stride)
	return found, found < s.Cards
}

// walk follows the steps that are known to lead past cards used up, and
// shortens them on the way: without that, first would walk over all of them
// in every turn.
func (s *simulation) walk(card int) int {
	for card < s.Cards && s.cards[card].version >= workload.MovesPerCard {
		next := s.next[card]
		if next < s.Cards && s.cards[next].version >= workload.MovesPerCard {
			s.next[card] = s.next[next]
		}
		card = next
	}
	return card
}

func (s *simulation) move(now float64, i int) {
	a := &s.actors[i]
	latency := s.draw(s.Move)
	a.stage = deciding
	a.call.MoveStart, a.call.MoveEnd = now, now+latency
	s.queue.push(now+latency/2, i)
}

func (s *simulation) decide(now float64, i int) {
	a := &s.actors[i]
	card := &s.cards[a.card]
	_, conflict := card.since(a.readAt, i)
	s.count(a, conflict)
	if !conflict {
		s.apply(card, now, i)
		s.endTurn(a.call.MoveEnd, i)
		return
	}
	if a.attempt >= s.Attempts {
		if a.counted {
			s.seen.Beaten++
		}
		s.endTurn(a.call.MoveEnd, i)
		return
	}
	a.stage = refetched
	s.readBoard(a.call.MoveEnd+s.backoff(a), i)
}

func (s *simulation) apply(card *simCard, now float64, i int) {
	card.install(now, i)
	if s.Walk == workload.Forward && card.version == workload.MovesPerCard {
		if s.left--; s.left == 0 {
			s.seen.RanOutAt = now
		}
	}
}

func (s *simulation) backoff(a *actor) float64 {
	if s.Backoff == (workload.Backoff{}) {
		return 0
	}
	a.wait = s.Backoff.Wait(a.attempt, a.wait, s.r)
	return a.wait.Seconds()
}

// refetch ends the turn when the card is where it was wanted: after an odd
// number of foreign moves in a cycle, after one in a forward walk. A forward
// walk can also lead past the wish, and has nothing left to ask for at its end:
// such a turn was overtaken, which is no failure to recover.
func (s *simulation) refetch(now float64, i int) {
	a := &s.actors[i]
	card := s.cards[a.card]
	installs := card.version - a.began
	usedUp := s.Walk == workload.Forward && card.version >= workload.MovesPerCard
	there := installs == 1 || s.Walk == workload.Cycle && installs%2 == 1
	if there || usedUp {
		s.endTurn(a.call.ReadEnd, i)
		return
	}
	a.attempt++
	s.move(a.call.ReadEnd, i)
}

func (s *simulation) endTurn(now float64, i int) {
	s.actors[i].wait = 0
	if s.Open() {
		s.idle = append(s.idle, i)
		return
	}
	s.startTurn(now+s.wait(s.Pause), i)
}

func (s *simulation) count(a *actor, conflict bool) {
	if s.onAttempt != nil {
		a.call.Card = a.card
		s.onAttempt(a.call, conflict)
	}
	if !a.counted {
		return
	}
	s.seen.Attempts++
	s.seen.CardAttempts[a.card]++
	if a.attempt > 1 {
		s.seen.Retries++
	}
	if conflict {
		s.seen.Conflicts++
		s.seen.CardConflicts[a.card]++
	} else {
		s.seen.Moved++
	}
}
