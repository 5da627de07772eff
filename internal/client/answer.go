package client

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// Answer is the result of a call.
type Answer struct {
	Outcome history.Outcome
	HTTP    int    // the HTTP status; 0 without a complete answer
	Token   int64  // updates: the token in the answer, where tokens count; history.None without one
	State   string // updates: the state in the answer; empty without one
	Code    string // the code of a refusal; a refusal in plain words has those

	TokenText string // updates: the token in the answer, where tokens are opaque; empty without one
	// RetryAfter is how long the server asks to be left alone; 0: it does not.
	RetryAfter time.Duration
	Start, End int64 // ns of the client's clock; End is history.None without a complete answer
	// Err is why the answer is missing, malformed, too large or from a gateway
	// that does not know the path; nil when the server answered in its own words,
	// which includes every other refusal.
	Err error
}

// OK reports whether the call did what was asked.
func (a *Answer) OK() bool {
	return a.Outcome == history.Seen || a.Outcome == history.Applied
}

// Failure returns nil for an answer that is OK, else an error that says what
// came instead.
func (a *Answer) Failure() error {
	switch {
	case a.OK():
		return nil
	case a.Err != nil:
		return a.Err
	case a.Outcome == history.Unauthorized:
		return newAccessError(a.HTTP, a.Code)
	case a.Code != "":
		return fmt.Errorf("the target answered HTTP %d %s", a.HTTP, a.Code)
	default:
		return fmt.Errorf("the target answered HTTP %d", a.HTTP)
	}
}

// newAccessError returns the error of an answer with which a target refuses
// the caller.
func newAccessError(status int, code string) error {
	what := http.StatusText(status)
	if code != "" {
		what = code
	}
	return fmt.Errorf(
		"the target answered HTTP %d %s: it does not let this caller in; --auth says how requests are authenticated, `occbench "+
			"doctor` whether "+
			"that works",
		status,
		what,
	)
}

// startAnswer starts an Answer from a reply and the error of its exchange; what the
// body says is for the caller to add.
func startAnswer(got *reply, err error) Answer {
	a := Answer{HTTP: got.status, Token: history.None, Start: got.start, End: got.end, Err: err}
	a.Outcome = api.Classify(got.status)
	if err != nil && errors.As(err, new(*unsigned)) {
		a.Outcome = history.Unauthorized // not no_answer: it certainly had no effect
	}
	if got.status == http.StatusTooManyRequests || got.status == http.StatusServiceUnavailable {
		a.RetryAfter = retryAfter(string(got.get("Retry-After")))
	}
	return a
}

// maxRetryAfter keeps a hostile header from overflowing a Duration; a caller
// that waits has a bound of its own.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads a Retry-After in seconds. The other form, a date, needs a
// clock that agrees with the server's and is taken as absent.
func retryAfter(value string) time.Duration {
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, int64(maxRetryAfter/time.Second))) * time.Second
}
