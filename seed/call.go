package seed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/wait"
)

// fate is what is known of a creating call that did not succeed.
type fate int

const (
	refused  fate = iota // an answer that sending again would not change
	noEffect             // nothing was made and the target may be better soon
	unknown              // it may have been made: only the board can tell
)

// callError is a creating call that did not succeed.
type callError struct {
	what  string // "a customer", "an appointment", …
	fate  fate
	http  int
	wait  time.Duration // how long the target asked to be left alone
	cause error
}

func (e *callError) Error() string { return fmt.Sprintf("creating %s: %s", e.what, e.cause) }
func (e *callError) Unwrap() error { return e.cause }

// caller sends creating calls to one shop.
type caller struct {
	client *client.Client
	opts   Options
	dice   *dice
}

// create sends a call that creates one thing and returns its id as it came, so
// that it goes back in the type the target gave it. A call that certainly had
// no effect is sent again, up to Options.Attempts times; one without a known
// fate too when a second thing would do no harm (twice).
func (c *caller) create(ctx context.Context, what, path string, twice bool, body func() any) (json.RawMessage, error) {
	for attempt := 1; ; attempt++ {
		id, failed := c.send(ctx, what, path, body())
		if failed == nil {
			return id, nil
		}
		again := failed.fate == noEffect || failed.fate == unknown && twice
		if !again || attempt >= c.opts.Attempts || ctx.Err() != nil {
			return nil, failed
		}
		if err := sleep(ctx, c.pause(attempt, failed.wait)); err != nil {
			return nil, failed
		}
	}
}

func (c *caller) send(ctx context.Context, what, path string, body any) (json.RawMessage, *callError) {
	sent, err := json.Marshal(body)
	if err != nil {
		return nil, &callError{what: what, cause: err}
	}
	ctx, done := graceful(ctx)
	defer done()
	got, err := c.client.Do(ctx, http.MethodPost, path, sent)
	if err != nil {
		return nil, &callError{what: what, fate: fateOf(err), cause: err}
	}
	return read(what, got)
}

// grace is how long a creating call may go on after its context was canceled. A
// call cut off at once would be applied behind the back of whoever counts next.
const grace = 2 * time.Second

// graceful returns a context that ends a grace after its parent.
func graceful(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(parent))
	stop := context.AfterFunc(parent, func() {
		if sleep(ctx, grace) == nil {
			cancel(context.Cause(parent))
		}
	})
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// fateOf tells a call that never left this machine from one whose answer is
// missing.
func fateOf(err error) fate {
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return noEffect
	}
	return unknown
}

// pause is the wait before the next attempt: exponential with half of it
// jitter, or what the target asked for, and never more than five seconds.
func (c *caller) pause(attempt int, asked time.Duration) time.Duration {
	const longest = 5 * time.Second
	rest := min(c.opts.Backoff<<min(attempt-1, 10), longest)
	rest = rest/2 + c.dice.upTo(rest/2)
	return min(max(rest, asked), longest)
}

// sleep waits, or returns why it did not.
func sleep(ctx context.Context, d time.Duration) error {
	if wait.For(ctx, d) != nil {
		return context.Cause(ctx)
	}
	return nil
}

// dice is a source of randomness for several goroutines.
type dice struct {
	mu  sync.Mutex
	src *rand.Rand
}

func (d *dice) upTo(limit time.Duration) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Duration(d.src.Int64N(int64(limit) + 1))
}

func (d *dice) vin() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return identify(d.src)
}

// word returns a short random word.
func (d *dice) word() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strconv.FormatUint(d.src.Uint64()|1<<63, 36)
}
