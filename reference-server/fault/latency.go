package fault

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const defaultLatency = 100 * time.Millisecond

var latency = Fault{
	Name:     "latency",
	Sentence: "reads and updates take 100 ms longer, or as long as told; with a window only so long after the server's start",
	Rate:     1,
	Argument: "DELAY[@START+LENGTH]",
	reads:    true,
	parse:    parseLatency,
	answer: func(w http.ResponseWriter, r *http.Request, in *scene, next http.Handler) {
		if in.window.holds(in.now().Sub(in.start)) {
			pauseFor(r.Context(), in.delay)
		}
		next.ServeHTTP(w, r)
	},
}

// pauseFor waits, or until the client leaves.
func pauseFor(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

func parseLatency(in *scene, argument string) error {
	delay, stretch, limited := strings.Cut(argument, "@")
	if err := parseDelay(in, delay, defaultLatency); err != nil || !limited {
		return err
	}
	start, length, _ := strings.Cut(stretch, "+")
	var errs [2]error
	in.window.start, errs[0] = time.ParseDuration(start)
	in.window.length, errs[1] = time.ParseDuration(length)
	if err := errors.Join(errs[:]...); err != nil || in.window.start < 0 || in.window.length <= 0 {
		return fmt.Errorf("the window %q is not one like 5s+1s", stretch)
	}
	return nil
}

func parseDelay(in *scene, s string, otherwise time.Duration) (err error) {
	if in.delay = otherwise; s == "" {
		return nil
	}
	if in.delay, err = time.ParseDuration(s); err != nil || in.delay <= 0 {
		return fmt.Errorf("the delay %q is not a duration like 300ms", s)
	}
	return nil
}
