package operator

import (
	"math/rand/v2"
	"time"
)

// draws are the random parts of a turn. All are drawn before it begins, so
// that turn n of an operator is the same whatever became of the turns before.
type draws struct {
	pick         int
	think, pause time.Duration
	double       bool
	gap          time.Duration // from the first click to the second
}

// maxGap bounds the time between two impatient clicks: within it a person has
// not yet seen what became of the first.
const maxGap = 50 * time.Millisecond

func (c *Config) draw(r *rand.Rand) draws {
	d := draws{
		pick:  c.Picker.Pick(r),
		think: c.Think.Draw(r),
		pause: c.Pause.Draw(r),
	}
	if c.DoubleUpdates > 0 {
		d.double = r.Float64() < c.DoubleUpdates
		d.gap = time.Duration(r.Int64N(int64(maxGap)))
	}
	return d
}
