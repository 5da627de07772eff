package ux

// Numbers sum up what people in browsers met. Times are ms; one that does not
// exist is nil, null in JSON.
type Numbers struct {
	People    int            `json:"people"`    // whose pages were open
	Gestures  int            `json:"gestures"`  // moves made by hand
	Unsent    int            `json:"unsent"`    // of them: the page sent nothing, since the card had gone elsewhere meanwhile
	Unchecked int            `json:"unchecked"` // of them: the server's board could not be read to compare
	Strays    int            `json:"strays"`    // moves of cards that are not in play, which were not let through
	Outcomes  map[string]int `json:"outcomes"`  // of what the page sent to the server

	Provoked  int       `json:"provoked"` // gestures in which the rival was faster
	Conflicts Conflicts `json:"conflicts"`

	Lost       Defects `json:"lost"`            // cards that left the screen and did not come back in time
	Duplicated Defects `json:"duplicated"`      // cards that stood on the screen more than once
	Rollbacks  Defects `json:"wrong_rollbacks"` // moves that ended on the screen as the server never had it
	Unsettled  Defects `json:"unsettled"`       // moves that the page never ended

	Toasts  map[string]int `json:"toasts"` // by kind
	Untold  int            `json:"untold"` // conflicts without a message
	Doubles Doubles        `json:"doubles"`
	Errors  Injected       `json:"errors"` // answers 500 made up by the scenario
	Slow    Injected       `json:"slow"`   // answers delayed by the scenario

	Feedback Quantiles `json:"feedback_ms"` // from the key or the drop to a change of the card
	Move     Quantiles `json:"move_ms"`     // as the page measures it, held and slowed requests excluded
	Opened   Quantiles `json:"opened_ms"`   // from the start of a browser to a board
	LCP      *float64  `json:"lcp_ms"`      // of the page that was slowest
	INP      *float64  `json:"inp_ms"`      // likewise

	Failures []string `json:"failures"` // browsers that could not go on
}

// Conflicts are the moves of a page that were refused as stale.
type Conflicts struct {
	Count     int       `json:"count"`
	Provoked  int       `json:"provoked"`  // of them: the rival's doing
	Recovered int       `json:"recovered"` // the screen equalled the server within the budget
	Judged    int       `json:"judged"`    // those after which the server's board could be read
	Recovery  Quantiles `json:"recovery_ms"`
	First     string    `json:"first_unrecovered,omitempty"`
}

// Defects are screens that were wrong.
type Defects struct {
	Count int    `json:"count"`
	First string `json:"first,omitempty"`
}

func (d *Defects) add(n int, sentence string) {
	if n > 0 && d.Count == 0 {
		d.First = sentence
	}
	d.Count += n
}

// Doubles are moves that were made twice in a row without waiting.
type Doubles struct {
	Made int `json:"made"`
	Once int `json:"sent_once"` // those of which the page sent one request
}

// Injected are answers that the scenario changed.
type Injected struct {
	Count int `json:"count"`
	Right int `json:"right"` // after which the screen equalled the server
	Told  int `json:"told"`  // of which a message told
}

// Quantiles describe times in ms.
type Quantiles struct {
	Count  int      `json:"count"`
	Median *float64 `json:"median"`
	P95    *float64 `json:"p95"`
	Worst  *float64 `json:"worst"`
}

// CountDefective returns how many screens were wrong.
func (n *Numbers) CountDefective() int {
	return n.Lost.Count + n.Duplicated.Count + n.Rollbacks.Count + n.Unsettled.Count
}

// CountUnrecovered returns after how many conflicts the screen was not right again
// within the budget.
func (n *Numbers) CountUnrecovered() int { return n.Conflicts.Judged - n.Conflicts.Recovered }
