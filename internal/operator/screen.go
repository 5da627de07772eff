package operator

// screen is a list that stays in front of an operator and is polled at the
// ticks of a grid: a turn works from what the latest tick showed, however old
// that is. A refetch after a conflict renews it between two ticks.
//
// The screen is not redrawn under the operator's hands: a tick that falls into
// a turn is made up for when the turn is over.
type screen struct {
	every  int64 // ns between ticks; 0: there is no screen, every turn reads
	placed bool  // origin is set
	origin int64 // a tick, by the clock
	shown  bool  // there is a list, and nothing is known to be wrong with it
	at     int64 // when its reading began
}

// setGrid sets the time from which the ticks are counted, once.
func (s *screen) setGrid(origin int64) {
	if !s.placed {
		s.placed, s.origin = true, origin
	}
}

// lastTick returns the time of the latest tick.
func (s *screen) lastTick(now int64) int64 {
	since := (now - s.origin) % s.every
	if since < 0 {
		since += s.every
	}
	return now - since
}

// isCurrent reports whether the list is the one that the latest tick showed, or
// newer.
func (s *screen) isCurrent(now int64) bool {
	return s.shown && s.at >= s.lastTick(now)
}

// nextPoll returns when the screen is to be polled next: now where a tick was missed.
func (s *screen) nextPoll(now int64) int64 {
	if !s.isCurrent(now) {
		return now
	}
	return s.lastTick(now) + s.every
}

// noteReading notes a reading that began at this time, and whether it was answered.
func (s *screen) noteReading(at int64, answered bool) {
	s.shown = answered
	if answered {
		s.at = at
	}
}

// markOld marks the list as old: an answer contradicted it.
func (s *screen) markOld() { s.shown = false }
