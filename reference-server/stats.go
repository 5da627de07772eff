package refserver

import (
	"net/http"
	"net/url"
	"time"

	"github.com/occbench/occbench/reference-server/appointment"
)

// answerStats answers with the counts of a date.
func (a *api) answerStats(w http.ResponseWriter, r *http.Request) {
	day, ok := a.readDay(w, r)
	if !ok {
		return
	}
	ctx, cancel := storeContext(r)
	defer cancel()
	cards, err := a.store.Board(ctx, day)
	if err != nil {
		a.answerFailure(w, r, err)
		return
	}
	sendData(w, http.StatusOK, countStatuses(cards))
}

// countStatuses makes the counts of a board: every card is a job of the day, those in
// progress or ready stand on the premises.
func countStatuses(cards []appointment.Card) appointment.Stats {
	stats := appointment.Stats{JobsToday: len(cards), StatusCounts: map[appointment.Status]int{}}
	for _, s := range appointment.Statuses() {
		stats.StatusCounts[s] = 0
	}
	for i := range cards {
		stats.StatusCounts[cards[i].Status]++
	}
	stats.OnPrem = stats.StatusCounts[appointment.InProgress] + stats.StatusCounts[appointment.Ready]
	return stats
}

// readDay returns the date that a request is about, as its first instant in UTC;
// without one it is today. It reports whether there is one; else it has answered.
func (a *api) readDay(w http.ResponseWriter, r *http.Request) (time.Time, bool) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err == nil && !query.Has("date") {
		return a.opts.Now().UTC().Truncate(24 * time.Hour), true
	}
	day, wrong := time.Parse(time.DateOnly, query.Get("date"))
	if err != nil || wrong != nil {
		sendRefusal(w, http.StatusBadRequest, newInvalid("date", "must be a date of the form YYYY-MM-DD"))
		return day, false
	}
	return day, true
}
