package validity

import (
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stall"
	"github.com/occbench/occbench/internal/workload"
)

func TestStallsLine(t *testing.T) {
	list := func(stalls ...stall.Stall) *stall.List {
		l := &stall.List{}
		for _, s := range stalls {
			l.Add(s)
		}
		return l
	}
	short := stall.Stall{Start: 10 * ms, End: 40 * ms, Late: 20 * ms}
	shorter := stall.Stall{Start: 10 * ms, End: 40 * ms, Late: 10 * ms}
	of := func(generator string, s stall.Stall) stall.Stall {
		s.Generator = generator
		return s
	}
	long := stall.Stall{Start: 1000 * ms, End: 2500 * ms, Late: 1490 * ms}
	for _, c := range []struct {
		name  string
		list  *stall.List
		state State
		words string
		late  float64
	}{
		{"no watch", nil, "", "", 0},
		{"never", list(), OK, "never held up for 50 ms; at most it was 0 ms late", 0},
		{"a little late", list(short), OK, "at most it was 20 ms late", 20},
		{"calm generators", list(of("1", short), of("2", shorter)), OK, "no generator was ever held up for 50 ms; the latest, 1, was 20 ms late at most", 20},
		{"a stalled generator", list(of("1", short), of("2", long)), Warning, "generator 2 was stalled for 1.5 s in 1 stall, and up to 0 ms late", 20},
		{"stalled", list(short, long), Warning, "stalled for 1.5 s in 1 stall, and up to 20 ms late at other times", 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := line(t, report(t, Run{Spec: run.Spec{Operators: 4, Duration: 5 * time.Second}, Stalls: c.list}, turns(100, nil)), "stalls")
			if got.State != c.state || !strings.Contains(got.Why.String(), c.words) || got.LateMS != c.late || got.Busy != (c.state == Warning) {
				t.Errorf("%q %v ms: %s\nwant %q %v ms: … %s …", got.State, got.LateMS, got.Why.String(), c.state, c.late, c.words)
			}
		})
	}
}

// A timer that is late because the generator was stalled tells nothing about the
// rest of the run.
func TestTimersApartFromStalls(t *testing.T) {
	ops := turns(100, func(i int, n *turn) {
		switch i {
		case 50:
			n.update += 3000
		case 60:
			n.update += 30
		}
	})
	run := Run{Spec: run.Spec{Operators: 4, Think: workload.Fixed(100 * time.Millisecond), Duration: 5 * time.Second}, P95Limit: 400 * time.Millisecond}
	if got := line(t, report(t, run, ops), "timers").LateMS; got != 3000 {
		t.Errorf("without a watch timers are %v ms late", got)
	}
	run.Stalls = &stall.List{}
	at := int64(50/4) * 200
	run.Stalls.Add(stall.Stall{Start: (at + 50) * ms, End: (at + 100) * ms, Late: 50 * ms})
	if got := line(t, report(t, run, ops), "timers").LateMS; got != 30 {
		t.Errorf("outside of the stall timers are %v ms late", got)
	}
}

func TestQuotaCountsAsTheMachine(t *testing.T) {
	run := Run{Spec: run.Spec{Operators: 4, Duration: 5 * time.Second}, CPU: 490 * time.Millisecond, Cores: 0.1, Wall: 5 * time.Second, Throttled: 3200 * time.Millisecond}
	got := line(t, report(t, run, turns(8, nil)), "generator")
	if want := "k6 used 98 % of the 0.1 processors it may use; a CPU quota held it back for 3.2 s: it is saturated"; got.State != Warning || !strings.HasPrefix(got.Why.String(), want) {
		t.Errorf("%q: %s\nwant %s", got.State, got.Why.String(), want)
	}
}
