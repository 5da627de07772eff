package seed

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/wait"
)

// fate describes a call that did not succeed.
type fate int

const (
	refused  fate = iota // an answer that sending again would not change
	noEffect             // nothing was done and the target may be better soon
	unknown              // it may have been done: only a read can tell
)

// callError is a call that did not succeed.
type callError struct {
	what  string // "creating an item"
	fate  fate
	wait  time.Duration // how long the target asked to be left alone
	cause error
}

func (e *callError) Error() string { return fmt.Sprintf("%s: %s", e.what, e.cause) }
func (e *callError) Unwrap() error { return e.cause }

// isRefusal reports whether sending the same call again would be answered the
// same.
func isRefusal(err error) bool {
	var failed *callError
	return errors.As(err, &failed) && failed.fate == refused
}

// answer is the answer to a call, with its request.
type answer struct {
	client.Response
	asked string
}

func (a *answer) response() *api.Response {
	return &api.Response{Status: a.Status, Header: a.Header, Body: a.Body}
}

// describe says what was asked and what came.
func (a *answer) describe() string {
	text := fmt.Sprintf("%s answered HTTP %d", a.asked, a.Status)
	if body := client.Excerpt(a.Body); body != "" {
		text += " " + body
	}
	return text
}

// sendCall makes a call once.
func (s *session) sendCall(ctx context.Context, what string, call *api.Request, v *api.Vars) (answer, *callError) {
	path, err := call.AppendPath(nil, v)
	if err != nil {
		return answer{}, &callError{what: what, cause: err}
	}
	a := answer{asked: call.Method + " " + string(path)}
	if a.Response, err = s.client.Send(ctx, call, v); err != nil {
		return a, &callError{what: what, fate: classifyError(err), cause: err}
	}
	return a, nil
}

// askUntilAnswered makes a call that has no effect, until it is answered by more than that the
// target is busy. An answer that refuses it is an answer, but for one that does not
// let the caller in.
func (s *session) askUntilAnswered(ctx context.Context, what string, call *api.Request, v *api.Vars) (answer, error) {
	for attempt := 1; ; attempt++ {
		a, failed := s.sendCall(ctx, what, call, v)
		if failed == nil {
			class := api.Classify(a.Status)
			if class != history.Unauthorized && class != history.Throttled && class != history.ServerError {
				return a, nil
			}
			failed = &callError{what: what, wait: retryAfter(a.Header), cause: errors.New(a.describe())}
			if class == history.Unauthorized {
				return a, s.explainDenied(&a, failed)
			}
		} else if failed.fate == refused {
			return a, failed
		}
		if attempt >= s.opts.Attempts || ctx.Err() != nil {
			return a, failed
		}
		if err := waitFor(ctx, s.choosePause(attempt, failed.wait)); err != nil {
			return a, failed
		}
	}
}

// explainDenied adds to a refused access what to do about it.
func (s *session) explainDenied(a *answer, failed *callError) error {
	if words := s.client.UnknownRoute(a.Status, a.Header, a.Body); words != "" {
		return &callError{what: failed.what, cause: errors.New("it answered " + words)}
	}
	failed.cause = fmt.Errorf("%w: it does not let this caller in; --auth says how requests are authenticated, `occbench doctor` whether "+
		"that works",
		failed.cause)
	return failed
}

// grace is how long a creation may go on after its context was canceled. A call cut
// off at once would be applied behind the back of the next count.
const grace = 2 * time.Second

// withGrace returns a context that ends a grace after its parent.
func withGrace(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(parent))
	stop := context.AfterFunc(parent, func() {
		if waitFor(ctx, grace) == nil {
			cancel(context.Cause(parent))
		}
	})
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// classifyError tells a call that never left this machine from one whose answer is
// missing.
func classifyError(err error) fate {
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return noEffect
	}
	return unknown
}

// classifyAnswer returns what an answer that is no success says of its call.
func (s *session) classifyAnswer(a *answer) fate {
	switch {
	case a.Status < 300 && s.api.IDs == nil && !s.isTagged():
		return refused // another one would be as unknown to us
	case a.Status < 300:
		return unknown
	case a.Status == http.StatusTooManyRequests:
		return noEffect
	case a.Status >= 500:
		// The file promises that nothing was done behind what it calls busy. Any other
		// 503 may come from a proxy that lost patience with a server that went on.
		said := s.api.Update.Explain(jx.DecodeBytes(a.Body), &api.Scratch{}, a.response(), &api.Vars{})
		if said.Kind == api.Busy {
			return noEffect
		}
		return unknown
	}
	return refused
}

// choosePause returns the wait before the next attempt: exponential with half of it
// jitter, or what the target asked for, and never more than five seconds.
func (s *session) choosePause(attempt int, asked time.Duration) time.Duration {
	const longest = 5 * time.Second
	rest := min(s.opts.Backoff<<min(attempt-1, 10), longest)
	rest = rest/2 + s.dice.drawUpTo(rest/2)
	return min(max(rest, asked), longest)
}

// waitFor waits, or returns why it did not.
func waitFor(ctx context.Context, d time.Duration) error {
	if wait.For(ctx, d) != nil {
		return context.Cause(ctx)
	}
	return nil
}

// retryAfter returns the seconds of a Retry-After, at most a minute.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, 60)) * time.Second
}
