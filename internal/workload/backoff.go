package workload

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/occbench/occbench/internal/nearest"
)

// Backoff is the policy by which an operator waits between a conflict and the
// next attempt. The zero Backoff is not declared and does not wait. The policies
// and their names are those of M. Brooker, "Exponential Backoff And Jitter", AWS
// Architecture Blog 2015.
type Backoff struct {
	kind        string
	base, limit time.Duration
}

// BackoffKinds returns the names that ParseBackoff knows, in the order of the
// article.
func BackoffKinds() []string {
	return []string{"none", "exponential", "equal", "full", "decorrelated"}
}

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
	switch {
	case !slices.Contains(BackoffKinds(), kind):
		return Backoff{}, fmt.Errorf("parsing backoff %q: no known policy%s; use none, exponential, equal, full or decorrelated",
			kind, nearest.Question(kind, BackoffKinds()))
	case kind == "none":
		return Backoff{kind: kind}, nil
	case base <= 0:
		return Backoff{}, fmt.Errorf("parsing backoff %q: the base %v must be above 0; use for example 50ms, or the policy none",
			kind, base)
	case limit < base:
		return Backoff{}, fmt.Errorf("parsing backoff %q: the limit %v is below the base %v; use a limit of at least %v", kind, limit,
			base, base)
	}
	return Backoff{kind: kind, base: base, limit: limit}, nil
}

// String returns the policy's name; empty for the zero Backoff.
func (b Backoff) String() string { return b.kind }

// Wait returns how long to wait before a retry. Retries count from 1; prev is the
// wait before this one in the same turn, 0 at the first.
func (b Backoff) Wait(retry int, prev time.Duration, r *rand.Rand) time.Duration {
	switch b.kind {
	case "exponential":
		return b.doubledWait(retry)
	case "equal":
		e := b.doubledWait(retry)
		return e/2 + drawBetween(r, 0, e-e/2)
	case "full":
		return drawBetween(r, 0, b.doubledWait(retry))
	case "decorrelated":
		return b.decorrelatedWait(prev, r)
	}
	return 0
}

// doubledWait returns base·2^retry, at most the limit.
func (b Backoff) doubledWait(retry int) time.Duration {
	wait := b.base
	for range retry {
		if wait > b.limit/2 { // doubling in a loop that stops here cannot overflow, base<<retry can
			return b.limit
		}
		wait *= 2
	}
	return wait
}

func (b Backoff) decorrelatedWait(prev time.Duration, r *rand.Rand) time.Duration {
	prev = min(max(prev, b.base), b.limit)
	if prev > maxDuration/3 {
		return b.limit
	}
	return min(drawBetween(r, b.base, 3*prev), b.limit)
}

const maxDuration = time.Duration(1<<63 - 1)

// drawBetween draws evenly from a … b, both included.
func drawBetween(r *rand.Rand, a, b time.Duration) time.Duration {
	if b <= a || b-a == maxDuration {
		return a
	}
	return a + time.Duration(r.Int64N(int64(b-a)+1))
}
