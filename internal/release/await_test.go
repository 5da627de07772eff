package release

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// A small share is met, however seldom one would ask for all of the traffic.
func TestAwaitMeetsASmallShare(t *testing.T) {
	for _, share := range []float64{0.1, 0.02} {
		dice := rand.New(rand.NewPCG(1, 2))
		f := flow{o: Options{ExpectBuild: "new", Patience: Patience{Poll: time.Hour, Settle: 5 * time.Second},
			Health: func(context.Context, string) (string, error) {
				if dice.Float64() < share {
					return "new", nil
				}
				return "old", nil
			}}}
		if set := f.awaitBuild(context.Background(), "http://127.0.0.1", share); set != nil {
			t.Errorf("a share of %g: %v", share, set.reasons)
		}
	}
}

func TestPace(t *testing.T) {
	f := flow{o: Options{Patience: Patience{Poll: time.Second, Settle: time.Minute}}}
	for _, share := range []float64{0.001, 0.01, 0.05, 0.1, 0.5, 0.999} {
		asks, pause := f.choosePace(share)
		if missed := math.Pow(1-share, float64(asks)); missed > 1e-6 {
			t.Errorf("a share of %g is missed with probability %g", share, missed)
		}
		if pause > time.Second || pause < time.Millisecond || float64(asks)*pause.Seconds() > 60.1 {
			t.Errorf("a share of %g: %d questions, one every %s", share, asks, pause)
		}
	}
	for _, all := range []float64{0, 1} {
		if asks, pause := f.choosePace(all); asks != 1 || pause != time.Second {
			t.Errorf("of %g: %d questions, one every %s", all, asks, pause)
		}
	}
}
