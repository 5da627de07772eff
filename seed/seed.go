// Package seed makes a date's board hold enough cards of ours: over HTTP with
// the calls of the shop (OverHTTP), or straight into Postgres (OverPostgres)
// where a hundred thousand cards are wanted.
//
// It counts before it creates and never makes more cards than are missing. A
// card is ours by the tag in its notes and by nothing else, so a second call
// creates nothing, a call after a failure completes what is there, and cards
// of other people are neither counted nor touched.
package seed

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"time"

	"github.com/occbench/occbench/internal/client"
)

// Minimum is the fewest cards a board is seeded with: below it two operators
// meet on a card so often that every run measures the queue for that card.
const Minimum = 8

// DefaultTag tags cards when Options names no tag.
const DefaultTag = "load"

// Options say what must exist. Only Date has no default.
type Options struct {
	Date     string           // the board's date, YYYY-MM-DD, UTC
	Tag      string           // whose cards: `occbench:<tag>` stands in their notes; default DefaultTag
	Cards    int              // how many usable cards are wanted; raised to Minimum
	Parallel int              // calls under way at once, over HTTP; default 8
	Attempts int              // how often a call is sent that certainly had no effect; default 5
	Backoff  time.Duration    // the wait after the first such call, doubled with each; default 100 ms
	Settle   time.Duration    // the wait before the board is asked what became of a call without an answer; default 1 s
	Now      func() time.Time // default time.Now
	Rand     *rand.Rand       // names, identification numbers and jitter; default a random seed
}

// Result is what a call found and did. It is valid beside an error too: what
// was created until then stays, and a second call completes it.
type Result struct {
	Date     string   `json:"date"`
	Tag      string   `json:"tag"`
	Via      string   `json:"via"`         // "http" or "postgres"
	Wanted   int      `json:"wanted"`      // usable cards asked for, at least Minimum
	Found    int      `json:"found"`       // tagged cards before the call, those in a final column included
	Created  int      `json:"created"`     // cards this call made
	Usable   int      `json:"usable"`      // tagged cards after the call that a legal move can leave
	Millis   float64  `json:"duration_ms"` // how long the call took
	Warnings []string `json:"warnings,omitempty"`
}

// String is the one line a command prints.
func (r Result) String() string {
	return fmt.Sprintf("%d created: %s has %d usable cards tagged occbench:%s (%d wanted, %d found before), %s",
		r.Created, r.Date, r.Usable, r.Tag, r.Wanted, r.Found, r.Duration().Round(time.Millisecond))
}

// Duration is how long the call took.
func (r Result) Duration() time.Duration {
	return time.Duration(r.Millis * float64(time.Millisecond))
}

func (r *Result) warnOfUnknown(cards int) {
	if cards > 0 {
		r.Warnings = append(
			r.Warnings,
			fmt.Sprintf(
				"%d cards tagged %s have a status that the contract does not know; they are not counted as usable",
				cards,
				client.TagWord(r.Tag),
			),
		)
	}
}

// oddRows says how many rows of which tag cannot be used.
const oddRows = "%d rows of the board tagged %s have an id that cannot be recorded: it is missing, longer than 1,024 bytes as history.csv writes it, or a . or .. that no path can hold"

func (r *Result) warnOfOdd(rows int) {
	if rows > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf(oddRows, rows, client.TagWord(r.Tag)))
	}
}

// begin is what both ways share: checked options and the result begun.
func (o Options) begin(via string) (Options, Result, error) {
	o = o.withDefaults()
	r := Result{Date: o.Date, Tag: o.Tag, Via: via, Wanted: o.Cards}
	if err := checkTag(o.Tag); err != nil {
		return o, r, err
	}
	_, err := hours(o.Date, o.Now())
	return o, r, err
}

func (o Options) withDefaults() Options {
	if o.Tag == "" {
		o.Tag = DefaultTag
	}
	o.Cards = max(o.Cards, Minimum)
	if o.Parallel <= 0 {
		o.Parallel = 8
	}
	if o.Attempts <= 0 {
		o.Attempts = 5
	}
	if o.Backoff <= 0 {
		o.Backoff = 100 * time.Millisecond
	}
	if o.Settle <= 0 {
		o.Settle = time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	return o
}

var tagForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// checkTag refuses a tag that could not be found again as a word in notes.
func checkTag(tag string) error {
	if !tagForm.MatchString(tag) {
		return fmt.Errorf("seeding with tag %q: want 1 to 64 letters, digits, dots, underscores and hyphens", tag)
	}
	return nil
}
