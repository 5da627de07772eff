package contention

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Backoff is how long to wait between a conflict and the next attempt.
// Retry counts from 1; prev is the wait before this one in the same turn, 0 at
// the first. The policies and their names are those of M. Brooker, "Exponential
// Backoff And Jitter", AWS Architecture Blog 2015.
type Backoff interface {
	Wait(retry int, prev time.Duration, r *rand.Rand) time.Duration
}

// BackoffKinds are the names that ParseBackoff knows.
var BackoffKinds = [...]string{"none", "exponential", "equal", "full", "decorrelated"}

// ParseBackoff returns a policy by name. Every wait lies in 0 … limit; e is
// base·2^retry, at most limit:
//
//	none          0
//	exponential   e
//	equal         e/2 … e, evenly
//	full          0 … e, evenly
//	decorrelated  base … 3·prev, evenly (prev is base at first), at most limit
//
// None ignores base and limit; the others need 0 < base ≤ limit.
func ParseBackoff(kind string, base, limit time.Duration) (Backoff, error) {
	if kind == "none" {
		return noBackoff{}, nil
	}
	build, ok := backoffMakers[kind]
	if !ok {
		return nil, fmt.Errorf("parsing backoff %q: no known policy; use none, exponential, equal, full or decorrelated", kind)
	}
	if base <= 0 {
		return nil, fmt.Errorf("parsing backoff %q: the base %v must be above 0; use for example 50ms, or the policy none", kind, base)
	}
	if limit < base {
		return nil, fmt.Errorf("parsing backoff %q: the limit %v is below the base %v; use a limit of at least %v", kind, limit, base, base)
	}
	return build(exponential{base: base, limit: limit}), nil
}

var backoffMakers = map[string]func(exponential) Backoff{
	"exponential":  func(e exponential) Backoff { return e },
	"equal":        func(e exponential) Backoff { return equalJitter{e} },
	"full":         func(e exponential) Backoff { return fullJitter{e} },
	"decorrelated": func(e exponential) Backoff { return decorrelated{e} },
}

type noBackoff struct{}

func (noBackoff) Wait(int, time.Duration, *rand.Rand) time.Duration { return 0 }

type exponential struct{ base, limit time.Duration }

func (e exponential) Wait(retry int, _ time.Duration, _ *rand.Rand) time.Duration {
	wait := e.base
	for range retry {
		if wait > e.limit/2 { // doubling in a loop that stops here cannot overflow, base<<retry can
			return e.limit
		}
		wait *= 2
	}
	return wait
}

type equalJitter struct{ exponential }

func (j equalJitter) Wait(retry int, prev time.Duration, r *rand.Rand) time.Duration {
	e := j.exponential.Wait(retry, prev, r)
	return e/2 + between(r, 0, e-e/2)
}

type fullJitter struct{ exponential }

func (j fullJitter) Wait(retry int, prev time.Duration, r *rand.Rand) time.Duration {
	return between(r, 0, j.exponential.Wait(retry, prev, r))
}

type decorrelated struct{ exponential }

func (j decorrelated) Wait(_ int, prev time.Duration, r *rand.Rand) time.Duration {
	prev = min(max(prev, j.base), j.limit)
	if prev > maxDuration/3 {
		return j.limit
	}
	return min(between(r, j.base, 3*prev), j.limit)
}

const maxDuration = time.Duration(1<<63 - 1)

// between draws evenly from a … b, both included.
func between(r *rand.Rand, a, b time.Duration) time.Duration {
	if b <= a || b-a == maxDuration {
		return a
	}
	return a + time.Duration(r.Int64N(int64(b-a)+1))
}
