package occ

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib"
	_ "go.k6.io/k6/v2/lib/executor" // knows the plans
)

// scenario reads a plan as k6 does.
func scenario(t testing.TB, plan string) lib.Options {
	t.Helper()
	var o lib.Options
	if err := json.Unmarshal([]byte(plan), &o.Scenarios); err != nil {
		t.Fatal(err)
	}
	return o
}

// constantRate is a plan of so many turns per time unit.
func constantRate(t testing.TB, rate int64, unit, duration time.Duration) lib.Options {
	return scenario(t, fmt.Sprintf(`{"s":{"executor":"constant-arrival-rate","rate":%d,"timeUnit":"%s","duration":"%s","preAllocatedVUs":1}}`, rate, unit, duration))
}

// to is a stage of a ramp.
type to struct {
	target int64
	length time.Duration
}

// rampingRate is a plan that begins at so many turns per second.
func rampingRate(t testing.TB, start int64, stages ...to) lib.Options {
	var list []string
	for _, s := range stages {
		list = append(list, fmt.Sprintf(`{"target":%d,"duration":"%s"}`, s.target, s.length))
	}
	return scenario(t, fmt.Sprintf(`{"s":{"executor":"ramping-arrival-rate","startRate":%d,"stages":[%s],"preAllocatedVUs":1}}`, start, strings.Join(list, ",")))
}

// TestSchedule holds some arrivals that are easily computed by hand.
func TestSchedule(t *testing.T) {
	const s, ms = int64(time.Second), int64(time.Millisecond)
	tests := []struct {
		name    string
		options lib.Options
		total   int64
		at      map[int64]int64
	}{
		{"40 per second", constantRate(t, 40_000, 1000*time.Second, 60*time.Second), 2400, map[int64]int64{0: 0, 1: 25 * ms, 2399: 59_975 * ms}},
		{"3 per second", constantRate(t, 3, time.Second, time.Second), 3, map[int64]int64{1: 333_333_333, 2: 666_666_666}},
		{"one in 10 s", constantRate(t, 100, 1000*time.Second, time.Second), 1, map[int64]int64{0: 0}},
		// 10t + 35t²/60 comes to 1 after 0.0994… s, to 1350 after 40.29… s.
		{"ramp up", rampingRate(t, 10, to{80, 60 * time.Second}), 2699, map[int64]int64{0: 99_423_374, 1349: 40_293_232_504}},
		{"ramp down", rampingRate(t, 2, to{0, time.Second}), 0, map[int64]int64{0: s}},
		{"a ramp that is flat", rampingRate(t, 10, to{10, time.Second}), 9, map[int64]int64{0: 100 * ms, 8: 900 * ms}},
		{"a stage that begins in the middle of a turn", rampingRate(t, 1, to{1, 1500 * time.Millisecond}, to{1, time.Second}), 2, map[int64]int64{0: s, 1: 2 * s}},
		{"a jump", rampingRate(t, 1, to{1, time.Second}, to{100, 0}, to{100, time.Second}), 100, map[int64]int64{0: s, 1: s + 10*ms}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := newSchedule(tt.options, "s")
			if err != nil {
				t.Fatal(err)
			}
			if got.total != tt.total {
				t.Errorf("%d turns, want %d", got.total, tt.total)
			}
			for i, want := range tt.at {
				if at := got.arrivalOf(i); math.Abs(float64(at-want)) > 1000 {
					t.Errorf("turn %d arrives at %d, want %d", i, at, want)
				}
			}
			for i := range got.total {
				if at := got.arrivalOf(i); i > 0 && at < got.arrivalOf(i-1) || got.countUntil(at) <= i || at > 0 && got.countUntil(at-1) > i {
					t.Fatalf("turn %d arrives at %d after %d; %d turns until then", i, at, got.arrivalOf(i-1), got.countUntil(at))
				}
			}
		})
	}
}

// TestRampIsTheIntegral compares the closed form with adding up the rate.
func TestRampIsTheIntegral(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		stages := []to{}
		for range 1 + r.IntN(3) {
			stages = append(stages, to{int64(r.IntN(100)), time.Duration(1+r.IntN(5_000)) * time.Millisecond})
		}
		start := int64(1 + r.IntN(100))
		s, err := newSchedule(rampingRate(t, start, stages...), "s")
		if err != nil {
			t.Fatal(err)
		}
		const step = 1e5 // ns
		area, turn, begin, from := 0.0, int64(0), 0.0, float64(start)
		for _, part := range stages {
			length := float64(part.length)
			for x := 0.0; x < length; x += step {
				rate := from + (float64(part.target)-from)*(x+step/2)/length
				area += rate * min(step, length-x) / 1e9
				for ; area >= float64(turn+1)+1e-6 && turn < s.total; turn++ {
					if at := s.arrivalOf(turn); math.Abs(float64(at)-begin-x) > 2*step+1e-6/rate*1e9 {
						t.Fatalf("from %d through %v: turn %d arrives at %d, the area says %.0f", start, stages, turn, at, begin+x)
					}
				}
			}
			begin, from = begin+length, float64(part.target)
		}
		if missing := s.total - turn; missing < 0 || missing > 1 {
			t.Errorf("from %d through %v: %d turns, the area says %d", start, stages, s.total, turn)
		}
	}
}

func TestScheduleRefuses(t *testing.T) {
	vus := scenario(t, `{"s":{"executor":"constant-vus","vus":1,"duration":"1s"}}`)
	for name, c := range map[string]struct {
		options lib.Options
		want    string
	}{
		"no rate":     {vus, "neither constant-arrival-rate nor ramping-arrival-rate"},
		"no scenario": {lib.Options{}, "neither constant-arrival-rate nor ramping-arrival-rate"},
	} {
		if _, err := newSchedule(c.options, "s"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}

func arrivalsOver(t *testing.T, options lib.Options, start int64) *arrivals {
	t.Helper()
	s, err := newSchedule(options, "s")
	if err != nil {
		t.Fatal(err)
	}
	return newArrivals(s, start)
}

// TestArrivals follows a load of 10 turns in a second, of which k6 drops those
// that come while the only VU is busy.
func TestArrivals(t *testing.T) {
	const ms = int64(time.Millisecond)
	a := arrivalsOver(t, constantRate(t, 10, time.Second, time.Second), 5000*ms)
	claim := func(now int64, overdue bool, turn uint64, ok bool) {
		t.Helper()
		got, due := a.claim(5000*ms+now, overdue)
		if due != ok || due && (got.Turn != turn || got.At != 5000*ms+int64(turn)*100*ms) {
			t.Errorf("at %d ns: %+v, %v; want turn %d, %v", now, got, due, turn, ok)
		}
	}
	claim(1, false, 0, true)
	claim(50*ms, true, 0, false) // nothing is overdue
	claim(101*ms, false, 1, true)
	claim(430*ms, true, 2, true) // it took so long
	claim(431*ms, true, 3, true)
	claim(432*ms, true, 4, true)
	claim(433*ms, true, 0, false)
	counts := func(now, planned, dropped int64) {
		t.Helper()
		if p, d := a.counts(5000*ms + now); p != planned || d != dropped {
			t.Errorf("at %d ns: %d planned, %d dropped; want %d and %d", now, p, d, planned, dropped)
		}
	}
	a.noteEnd(5000*ms+730*ms, nil)
	counts(750*ms, 8, 3)
	counts(2000*ms, 10, 5)
	a.noteEnd(5000*ms+830*ms, context.DeadlineExceeded)
	counts(2000*ms, 10, 5)
	a.noteEnd(5000*ms+830*ms, context.Canceled) // and here the load was interrupted
	counts(2000*ms, 9, 4)
}

// TestCalibration holds that the offset of a ramp is the least lateness so far,
// until turns are made up and nothing can be learnt any more.
func TestCalibration(t *testing.T) {
	const ms = int64(time.Millisecond)
	a := arrivalsOver(t, rampingRate(t, 10, to{10, time.Second}), 0)
	at := func(now int64) func() int64 { return func() int64 { return now } }
	for _, step := range []struct{ now, offset int64 }{
		{107 * ms, 7 * ms}, {203 * ms, 3 * ms}, {350 * ms, 3 * ms},
	} {
		a.calibrate(at(step.now))
		if got := a.offset.Load(); got != step.offset {
			t.Errorf("at %d the offset is %d, want %d", step.now, got, step.offset)
		}
		a.claim(step.now, false)
	}
	if got, due := a.claim(450*ms, true); !due || got.At != 403*ms {
		t.Errorf("claimed %+v, %v", got, due)
	}
	a.calibrate(at(451 * ms))
	if got := a.offset.Load(); got != 3*ms {
		t.Errorf("the offset is %d after a turn was made up", got)
	}
}

// TestArrivalsAreClaimedOnce lets many VUs claim at once.
func TestArrivalsAreClaimedOnce(t *testing.T) {
	a := arrivalsOver(t, constantRate(t, 10_000, time.Second, time.Second), 0)
	var mu sync.Mutex
	var all sync.WaitGroup
	claimed := map[uint64]int{}
	for range 8 {
		all.Go(func() {
			for {
				got, due := a.claim(int64(time.Minute), true)
				if !due {
					return
				}
				mu.Lock()
				claimed[got.Turn]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if len(claimed) != 10_000 {
		t.Errorf("%d turns were claimed, want 10000", len(claimed))
	}
	for turn, n := range claimed {
		if n != 1 {
			t.Fatalf("turn %d was claimed %d times", turn, n)
		}
	}
}

func BenchmarkClaim(b *testing.B) {
	s, err := newSchedule(rampingRate(b, 10, to{80, 24 * time.Hour}), "s")
	if err != nil {
		b.Fatal(err)
	}
	a := newArrivals(s, 0)
	a.offset.Store(0)
	for b.Loop() {
		if _, due := a.claim(int64(25*time.Hour), false); !due {
			a.next.Store(0)
		}
	}
}
