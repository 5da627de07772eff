// Package seed makes enough records for a load over HTTP, with the calls that
// the API file names for it, and removes them again where it names one for that.
//
// It counts before it creates and never makes more than are missing. A record
// is ours by a name that we gave it, by the tag in it, or because an earlier
// call made it and its id was kept, and by nothing else. So a second call
// creates nothing, a call after a failure completes what is there, and records of
// others are neither counted nor touched.
package seed

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/client"
)

// Minimum is the fewest records that are made: below it two operators meet on a
// record so often that every run measures the queue for that record.
const Minimum = 8

// DefaultTag tags records when Options names no tag.
const DefaultTag = "load"

// Options say what must exist. Date is needed where the API has days.
type Options struct {
	Date     string           // the day of the records, YYYY-MM-DD, UTC
	Tag      string           // whose records: the word occbench:<tag> stands in them, or <tag> in their names; default DefaultTag
	Records  int              // how many usable records are wanted; raised to Minimum
	Spread   bool             // move what is made over the states, as on a day that is under way
	Known    []string         // ids that an earlier call made, where neither a name nor a tag tells ours
	Parallel int              // calls under way at once, over HTTP; default 8
	Attempts int              // how often a call is sent that certainly had no effect; default 5
	Backoff  time.Duration    // the wait after the first such call, doubled with each; default 100 ms
	Settle   time.Duration    // the wait before the target is asked what became of a call without an answer; default 1 s
	Now      func() time.Time // default time.Now
	Rand     *rand.Rand       // markers, names and jitter; default a random seed
}

// Result is the result of a call. It is valid beside an error too: what
// was created until then stays, and a second call completes it.
type Result struct {
	API      string   `json:"api,omitempty"`
	Date     string   `json:"date,omitempty"` // empty where the API has no days
	Tag      string   `json:"tag"`
	Via      string   `json:"via"`              // "http" or "postgres"
	Record   string   `json:"record,omitempty"` // what the API calls a record
	Wanted   int      `json:"wanted"`           // usable records asked for, at least Minimum
	Found    int      `json:"found"`            // our records before the call, those in a final state included
	Created  int      `json:"created"`          // records that this call made
	Usable   int      `json:"usable"`           // our records after the call that a legal update can leave
	Millis   float64  `json:"duration_ms"`      // how long the call took
	Warnings []string `json:"warnings,omitempty"`
	// IDs are the usable records, those that we named in the order of their
	// numbers; empty over PostgreSQL, where there may be a hundred thousand and the
	// list of the API tells them.
	IDs []string `json:"ids,omitempty"`
}

// String is the one line a command prints.
func (r Result) String() string {
	day := ""
	if r.Date != "" {
		day = " on " + r.Date
	}
	return fmt.Sprintf("%d created: %d usable %ss tagged %s%s (%d wanted, %d found before), %s",
		r.Created, r.Usable, r.Record, client.TagWord(r.Tag), day, r.Wanted, r.Found, r.Duration().Round(time.Millisecond))
}

// Duration is how long the call took.
func (r Result) Duration() time.Duration {
	return time.Duration(r.Millis * float64(time.Millisecond))
}

// WarnOfUnknown warns of records whose state the API file does not name.
func (r *Result) WarnOfUnknown(records int) {
	if records > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%s of ours in a state that the API file does not name; they are not counted as usable",
			amount.Plural(records, r.Record+" is", r.Record+"s are")))
	}
}

// WithDefaults returns the options with what they leave open, or says what is
// wrong with them.
func (o Options) WithDefaults() (Options, error) {
	if o.Tag == "" {
		o.Tag = DefaultTag
	}
	o.Records = max(o.Records, Minimum)
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
	return o, CheckTag(o.Tag)
}

var tagForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// CheckTag refuses a tag that could not be found again as a word in a text.
func CheckTag(tag string) error {
	if !tagForm.MatchString(tag) {
		return fmt.Errorf("seeding with tag %q: want 1 to 64 letters, digits, dots, underscores and hyphens", tag)
	}
	return nil
}
