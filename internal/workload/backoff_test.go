package workload

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

const ms = time.Millisecond

func mustBackoff(t testing.TB, kind string, base, limit time.Duration) Backoff {
	t.Helper()
	b, err := ParseBackoff(kind, base, limit)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBackoffRanges(t *testing.T) {
	for _, c := range []struct {
		kind        string
		retry       int
		prev        time.Duration
		least, most time.Duration
	}{
		{"none", 5, 0, 0, 0},
		{"exponential", 1, 0, 10 * ms, 10 * ms},
		{"exponential", 3, 0, 40 * ms, 40 * ms},
		{"exponential", 500, 0, 2000 * ms, 2000 * ms},
		{"equal", 3, 0, 20 * ms, 40 * ms},
		{"full", 3, 0, 0, 40 * ms},
		{"full", 500, 0, 0, 2000 * ms},
		{"decorrelated", 1, 0, 5 * ms, 15 * ms},
		{"decorrelated", 2, 100 * ms, 5 * ms, 300 * ms},
		{"decorrelated", 9, math.MaxInt64, 5 * ms, 2000 * ms},
	} {
		t.Run(c.kind, func(t *testing.T) {
			b, r := mustBackoff(t, c.kind, 5*ms, 2000*ms), rand.New(rand.NewPCG(1, 1))
			low, high := time.Duration(math.MaxInt64), time.Duration(0)
			for range 20_000 {
				w := b.Wait(c.retry, c.prev, r)
				low, high = min(low, w), max(high, w)
			}
			slack := (c.most - c.least) / 100
			if low < c.least || low > c.least+slack || high > c.most || high < c.most-slack {
				t.Errorf("retry %d after %v waits %v … %v, want %v … %v", c.retry, c.prev, low, high, c.least, c.most)
			}
		})
	}
}

func TestBackoffWithTheLargestLimit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, kind := range BackoffKinds() {
		b, prev := mustBackoff(t, kind, time.Hour, math.MaxInt64), time.Duration(0)
		for retry := 1; retry < 100; retry++ {
			if prev = b.Wait(retry, prev, r); prev < 0 {
				t.Fatalf("%s waits %v before retry %d", kind, prev, retry)
			}
		}
	}
}

func TestParseBackoffRefuses(t *testing.T) {
	for _, c := range []struct {
		kind        string
		base, limit time.Duration
		want        string
	}{
		{"linear", ms, ms, "use none, exponential, equal, full or decorrelated"},
		{"full", 0, ms, "must be above 0"},
		{"full", 2 * ms, ms, "below the base"},
	} {
		_, err := ParseBackoff(c.kind, c.base, c.limit)
		refused(t, "ParseBackoff", c.kind, err, c.want)
	}
	if _, err := ParseBackoff("none", 0, 0); err != nil {
		t.Errorf("none with base and limit 0: %v", err)
	}
}

func TestWalkRoundTrip(t *testing.T) {
	for _, w := range []Walk{Cycle, Forward} {
		got, err := ParseWalk(w.String())
		if err != nil || got != w {
			t.Errorf("ParseWalk(%q) = %v, %v", w, got, err)
		}
	}
	_, err := ParseWalk("back")
	refused(t, "ParseWalk", "back", err, "use cycle")
}
