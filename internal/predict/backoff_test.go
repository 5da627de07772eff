package predict

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/workload"
)

const ms = time.Millisecond

func mustBackoff(t testing.TB, kind string, base, limit time.Duration) workload.Backoff {
	t.Helper()
	b, err := workload.ParseBackoff(kind, base, limit)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mustDelay(t testing.TB, s string) workload.Delay {
	t.Helper()
	d, err := workload.ParseDelay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mustPick(t testing.TB, s string) workload.Pick {
	t.Helper()
	p, err := workload.ParsePick(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func refused(t *testing.T, what, in string, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s(%q) error = %v, want one with %q", what, in, err, want)
	}
}

// The table of M. Brooker's article, as its simulator prints it in the mean.
func TestBackoffStudyReproducesTheArticle(t *testing.T) {
	for _, c := range []struct {
		kind    string
		clients int
		calls   float64
		ms      float64
	}{
		{"none", 20, 153, 602},
		{"exponential", 20, 151, 14_490},
		{"equal", 20, 108, 1_656},
		{"full", 20, 100, 992},
		{"decorrelated", 20, 101, 815},
		{"none", 100, 2_420, 2_026},
		{"exponential", 100, 1_864, 63_819},
		{"equal", 100, 813, 6_518},
		{"full", 100, 797, 4_798},
		{"decorrelated", 100, 1_003, 4_742},
	} {
		got := SimulateBackoff(mustBackoff(t, c.kind, 5*ms, 2000*ms), BackoffStudy{Clients: c.clients, Seed: 7})
		if math.Abs(got.Calls/c.calls-1) > 0.05 || math.Abs(got.Time.Seconds()*1000/c.ms-1) > 0.05 {
			t.Errorf("%s with %d clients: %.0f calls in %v, want %.0f in %.0f ms", c.kind, c.clients, got.Calls, got.Time, c.calls, c.ms)
		}
	}
}

func TestBackoffStudyOfNobody(t *testing.T) {
	if got := SimulateBackoff(workload.Backoff{}, BackoffStudy{}); got != (BackoffCost{}) {
		t.Errorf("no clients cost %+v", got)
	}
}

func total(xs []float64) (sum float64) {
	for _, x := range xs {
		sum += x
	}
	return sum
}
