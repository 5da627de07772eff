package seed

import (
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/exit"
)

// The shop's working hours, UTC, and the shape of a card in them.
const (
	opens  = 8 * time.Hour
	closes = 18 * time.Hour
	length = 30 * time.Minute // of one appointment
	grid   = 5 * time.Minute  // starts fall on it, as a receptionist writes them
	lead   = 5 * time.Minute  // a start must still lie ahead when the last call is sent
)

// window is the time in which the cards of one date start.
type window struct{ first, last time.Time }

// hours returns the window of a date. Today's begins now and reaches into the
// evening when the working hours are over, since a start in the past is refused
// by the shop; a date without any time left is an error.
func hours(date string, now time.Time) (window, error) {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return window{}, fmt.Errorf("seeding date %q: it is not a date; write it as YYYY-MM-DD", date)
	}
	w := window{first: day.Add(opens), last: day.Add(closes - length)}
	if earliest := now.UTC().Add(lead + grid).Truncate(grid); earliest.After(w.first) {
		w.first = earliest
	}
	if w.first.After(w.last) {
		w.last = day.Add(24*time.Hour - grid - length)
	}
	if w.first.After(w.last) {
		return window{}, exit.Usagef(
			"seeding %s: no time is left on that date, it is %s UTC; take a later date",
			date,
			now.UTC().Format("2006-01-02 15:04"),
		)
	}
	return w, nil
}

// slot returns start and end of card i of n, spread evenly over the window.
// More cards than places on the grid share places.
func (w window) slot(i, n int) (start, end time.Time) {
	places := int(w.last.Sub(w.first)/grid) + 1
	start = w.first.Add(time.Duration(i*places/n) * grid)
	return start, start.Add(length)
}
