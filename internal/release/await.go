package release

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/occbench/occbench/internal/wait"
)

// isDivided reports whether another version answers, too.
func isDivided(share float64) bool { return share > 0 && share < 1 }

// enough is how many answers in a row must come from a build that has all of the
// traffic.
const enough = 3

// awaitBuild waits until the URL shows what it was given: division takes a few
// seconds to reach every machine. All answers must come from the new build; of a
// share one will do.
func (f *flow) awaitBuild(ctx context.Context, url string, share float64) *setback {
	asks, pause := f.choosePace(share)
	within, cancel := context.WithTimeout(ctx, 3*f.o.Patience.Settle)
	defer cancel()
	begun := time.Now()
	last, row := "nothing", 0
	for n := 1; ; n++ {
		build, err := f.o.Health(within, url)
		switch {
		case err != nil && within.Err() != nil: // cut short, which says nothing
		case err != nil:
			last, row = err.Error(), 0
		case build == f.o.ExpectBuild:
			row++
		default:
			last, row = fmt.Sprintf("build %q", build), 0
		}
		if row == enough || row > 0 && isDivided(share) {
			return nil
		}
		late := n >= asks && time.Since(begun) > f.o.Patience.Settle
		if late || wait.For(within, pause) != nil {
			break
		}
	}
	if err := ctx.Err(); err != nil {
		return newSetback(fmt.Errorf("waiting for build %q at %s: %w", f.o.ExpectBuild, url, err))
	}
	return &setback{verdict: Fail, reasons: []string{
		fmt.Sprintf("%s does not answer as build %q within %s; it last answered %s", url, f.o.ExpectBuild,
			time.Since(begun).Round(time.Second), last)}}
}

// choosePace returns how often to ask at least, and the pause between two. With a share
// s of the traffic a good build misses n questions with the probability (1-s)ⁿ:
// one question a second for a minute would miss a share of 5 % once in 22
// releases. So many are asked that it is once in a million.
func (f *flow) choosePace(share float64) (asks int, pause time.Duration) {
	if !isDivided(share) {
		return 1, f.o.Patience.Poll
	}
	asks = int(math.Ceil(math.Log(1e-6) / math.Log1p(-share)))
	return asks, max(time.Millisecond, min(f.o.Patience.Poll, f.o.Patience.Settle/time.Duration(asks)))
}
