package seed

import (
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/exit"
)

// The working hours in which records of a day lie, UTC, and the shape of one.
const (
	opens  = 8 * time.Hour
	closes = 18 * time.Hour
	length = 30 * time.Minute // of one slot
	grid   = 5 * time.Minute  // starts fall on it, as people write them
	lead   = 5 * time.Minute  // a start must still lie ahead when the last call is sent
)

// Slots is the time of one day in which the slots of its records start.
type Slots struct{ first, last time.Time }

// NewSlots returns the slots of a day. Those of today begin now and reach into
// the evening when the working hours are over, since many servers refuse a start
// in the past; a day without any time left is an error.
func NewSlots(date string, now time.Time) (Slots, error) {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return Slots{}, fmt.Errorf("seeding date %q: it is not a date; write it as YYYY-MM-DD", date)
	}
	s := Slots{first: day.Add(opens), last: day.Add(closes - length)}
	if earliest := now.UTC().Add(lead + grid).Truncate(grid); earliest.After(s.first) {
		s.first = earliest
	}
	if s.first.After(s.last) {
		s.last = day.Add(24*time.Hour - grid - length)
	}
	if s.first.After(s.last) {
		return Slots{}, exit.Usagef(
			"seeding %s: no time is left on that date, it is %s UTC; take a later date",
			date,
			now.UTC().Format("2006-01-02 15:04"),
		)
	}
	return s, nil
}

// At returns start and end of slot i of n, spread evenly over the day. More
// records than places on the grid share places.
func (s Slots) At(i, n int) (start, end time.Time) {
	places := int(s.last.Sub(s.first)/grid) + 1
	start = s.first.Add(time.Duration(i*places/n) * grid)
	return start, start.Add(length)
}
