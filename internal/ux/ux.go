// Package ux turns what people in browsers saw into numbers: conflicts and
// whether the screen recovered from them, cards that were lost or doubled on
// it, moves that were rolled back wrongly, and how fast it all felt.
//
// Its opinion: the server decides what is true, and a screen is judged by
// nothing else. A screen that shows a newer state than was asked for is right,
// since others move cards, too; one that shows an older state than it was told
// is wrong, whatever the page says of itself.
package ux

// Format is the version of the file that the scenario writes and Read reads.
const Format = 1

// Head is the first line of the file, without its line end.
const Head = `{"what":"head","format":1}`

// The kinds of line, in the member what.
const (
	whatHead    = "head"
	whatGesture = "gesture" // one move of one card, and what the screen made of it
	whatPage    = "page"    // the end of one person's page
	whatFailure = "failure" // a browser that could not go on
)

// line is one line of the file; which members count depends on What.
type line struct {
	What   string `json:"what"`
	Person int    `json:"person"` // operator number

	Gesture
	page
	Format int    `json:"format"` // head
	Why    string `json:"why"`    // failure
}

// Gesture is one move of one card by one person. Times are ms.
type Gesture struct {
	N        int      `json:"n"`     // counts a person's gestures from 1
	AtMS     float64  `json:"at_ms"` // since the run's base
	Name     string   `json:"gesture"`
	How      string   `json:"how"` // keyboard or drag
	Card     string   `json:"card"`
	From     string   `json:"from"` // the status that the screen showed before
	To       string   `json:"to"`
	Version  int64    `json:"version"` // that the screen showed before
	Rival    *Rival   `json:"rival"`   // nil: no rival was sent to be faster
	Moves    []Move   `json:"moves"`   // that the page sent
	Also     []Move   `json:"also"`    // of other cards, where the hand slipped
	Settled  bool     `json:"settled"` // the page ended the move
	MoveMS   *float64 `json:"move_ms"`
	HeldMS   float64  `json:"held_ms"` // for which the scenario held the request back
	Slow     bool     `json:"slow"`    // the answer was delayed on purpose
	Feedback *float64 `json:"feedback_ms"`
	Shown    *Seen    `json:"shown"`    // of the card, when the move was settled; nil: it was not there
	Server   *Seen    `json:"server"`   // afterwards
	Unread   string   `json:"unread"`   // why the server's board could not be read; empty: it was
	EqualMS  *float64 `json:"equal_ms"` // from the answer to a screen that equals the server; nil: not in time
	Late     []Late   `json:"late"`
	Missing  []string `json:"missing"` // cards of the server that are not on the screen
	Twice    []string `json:"twice"`   // cards that are there more than once
	Toasts   []Toast  `json:"toasts"`
}

// Rival is the answer to the attempt that was to be faster.
type Rival struct {
	Outcome string `json:"outcome"`
	Version *int64 `json:"version"`
	Status  string `json:"status"`
}

// Move is a request of the page and its answer.
type Move struct {
	Outcome  string `json:"outcome"`
	HTTP     int    `json:"http"`
	Version  *int64 `json:"version"`
	Status   string `json:"status"`
	Expected int64  `json:"expected"`
	Injected bool   `json:"injected"` // the scenario answered, the server knows nothing of it
}

// Seen is a card on a screen or at the server.
type Seen struct {
	Status  string `json:"status"`
	Version int64  `json:"version"`
}

// Late is a card that the screen showed wrongly at the end of the budget.
type Late struct {
	ID    string `json:"id"`
	Want  Seen   `json:"want"`
	Shown *Seen  `json:"shown"`
}

// Toast is a message that popped up.
type Toast struct {
	Kind    string  `json:"kind"`
	Card    string  `json:"card"`
	AfterMS float64 `json:"after"` // the answer
}

// page is how one person's page did as a whole.
type page struct {
	State    string   `json:"state"`
	OpenedMS float64  `json:"opened_ms"` // from the start of the browser to a board
	LCP      *float64 `json:"lcp"`
	INP      *float64 `json:"inp"`
	Strays   int      `json:"strays"` // moves of cards that are not in play, which were not let through
}
