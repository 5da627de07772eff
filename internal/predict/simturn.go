package predict

import "github.com/occbench/occbench/internal/workload"

// simRecord is a record on the simulated server. The newest installs are kept
// because a held list looks back past the newest one.
type simRecord struct {
	version int
	newest  [8]install // install v is at v modulo 8
}

type install struct {
	at float64
	by int
}

func (c *simRecord) install(at float64, by int) {
	c.version++
	c.newest[c.version%len(c.newest)] = install{at: at, by: by}
}

// countSince counts the installs after a moment, as far as they are kept, and says
// whether another operator made one of them: an operator knows its own updates.
func (c *simRecord) countSince(moment float64, by int) (installs int, foreign bool) {
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
	if s.Refresh > 0 { // the list is on the screen, and as old as it happens to be
		age := s.r.Float64() * s.Refresh.Seconds()
		a.call = Attempt{ReadStart: now - age, ReadEnd: now - age}
		a.readAt = now - age
		s.queue.push(now, i)
		return
	}
	s.read(now, i)
}

func (s *simulation) read(now float64, i int) {
	a := &s.actors[i]
	latency := s.draw(s.Read)
	a.call = Attempt{ReadStart: now, ReadEnd: now + latency}
	a.readAt = now + latency/2
	s.queue.push(a.readAt, i)
}

// pick chooses the turn's record on the list just read, or held.
func (s *simulation) pick(now float64, i int) {
	a := &s.actors[i]
	record, ok := s.findMovable(a.picker.Pick(s.r))
	if !ok {
		s.seen.RanOutAt = now
		return
	}
	if a.counted {
		s.seen.Turns++
	}
	a.record = record
	installs, _ := s.records[record].countSince(a.readAt, i)
	a.began = s.records[record].version - installs
	s.update(max(now, a.call.ReadEnd)+s.drawWait(s.Think), i)
}

// findMovable walks forward from a record to the next one that can be updated, round
// the end of the list if need be.
func (s *simulation) findMovable(record int) (int, bool) {
	if s.Walk == workload.Cycle {
		return record, true
	}
	if found := s.walk(record); found < s.Records {
		return found, true
	}
	found := s.walk(record % s.stride)
	return found, found < s.Records
}

// walk follows the steps that are known to lead past records used up, and
// shortens them on the way: without that, first would walk over all of them
// in every turn.
func (s *simulation) walk(record int) int {
	for record < s.Records && s.records[record].version >= workload.UpdatesPerRecord {
		next := s.next[record]
		if next < s.Records && s.records[next].version >= workload.UpdatesPerRecord {
			s.next[record] = s.next[next]
		}
		record = next
	}
	return record
}

func (s *simulation) update(now float64, i int) {
	a := &s.actors[i]
	latency := s.draw(s.Update)
	a.stage = deciding
	a.call.UpdateStart, a.call.UpdateEnd = now, now+latency
	s.queue.push(now+latency/2, i)
}

func (s *simulation) decide(now float64, i int) {
	a := &s.actors[i]
	record := &s.records[a.record]
	_, conflict := record.countSince(a.readAt, i)
	s.count(a, conflict)
	if !conflict {
		s.apply(record, now, i)
		s.endTurn(a.call.UpdateEnd, i)
		return
	}
	if a.attempt >= s.Attempts {
		if a.counted {
			s.seen.Beaten++
		}
		s.endTurn(a.call.UpdateEnd, i)
		return
	}
	a.stage = refetched
	s.read(a.call.UpdateEnd+s.backoff(a), i)
}

func (s *simulation) apply(record *simRecord, now float64, i int) {
	record.install(now, i)
	if s.Walk == workload.Forward && record.version == workload.UpdatesPerRecord {
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

// refetch ends the turn when the record is where it was wanted: after an odd
// number of foreign updates in a cycle, after one in a forward walk. A forward
// walk can also lead past the wish, and has nothing left to ask for at its end:
// such a turn was overtaken, which is no failure to recover.
func (s *simulation) refetch(i int) {
	a := &s.actors[i]
	record := s.records[a.record]
	installs := record.version - a.began
	usedUp := s.Walk == workload.Forward && record.version >= workload.UpdatesPerRecord
	there := installs == 1 || s.Walk == workload.Cycle && installs%2 == 1
	if there || usedUp {
		s.endTurn(a.call.ReadEnd, i)
		return
	}
	a.attempt++
	s.update(a.call.ReadEnd, i)
}

func (s *simulation) endTurn(now float64, i int) {
	s.actors[i].wait = 0
	if s.IsOpen() {
		s.idle = append(s.idle, i)
		return
	}
	s.startTurn(now+s.drawWait(s.Pause), i)
}

func (s *simulation) count(a *actor, conflict bool) {
	if s.onAttempt != nil {
		a.call.Record = a.record
		s.onAttempt(a.call, conflict)
	}
	if !a.counted {
		return
	}
	s.seen.Attempts++
	s.seen.RecordAttempts[a.record]++
	if a.attempt > 1 {
		s.seen.Retries++
	}
	if conflict {
		s.seen.Conflicts++
		s.seen.RecordConflicts[a.record]++
	} else {
		s.seen.Applied++
	}
}
