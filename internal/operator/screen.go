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

// place sets the grid, once.
func (s *screen) place(origin int64) {
	if !s.placed {
		s.placed, s.origin = true, origin
	}
}

// tick is the latest tick.
func (s *screen) tick(now int64) int64 {
	since := (now - s.origin) % s.every
	if since < 0 {
		since += s.every
	}
	return now - since
}

// current reports whether the list is the one that the latest tick showed, or
// newer.
func (s *screen) current(now int64) bool {
	return s.shown && s.at >= s.tick(now)
}

// next is when the screen wants to be polled: now when a tick was missed.
func (s *screen) next(now int64) int64 {
	if !s.current(now) {
		return now
	}
	return s.tick(now) + s.every
}

// renew notes a reading that began at this time, and whether it was answered.
func (s *screen) renew(at int64, answered bool) {
	s.shown = answered
	if answered {
		s.at = at
	}
}

// spoil marks the list as old: an answer contradicted it.
func (s *screen) spoil() { s.shown = false }
