package gate

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/occbench/occbench/internal/measure"
)

// Percent writes a ratio as people read it, with three digits: "0.31 %".
func Percent(ratio float64) string { return digits(100*ratio, 3) + " %" }

// percentAgainst writes a ratio with as many digits as tell it from the limit:
// "at most 1 %, the limit is 1 %" would be no reason.
func percentAgainst(ratio, limit float64) string {
	return against(100*ratio, 100*limit) + " %"
}

// Milliseconds writes a time given in milliseconds: "118 ms", and from 10 s on
// in seconds.
func Milliseconds(ms float64) string {
	if math.Abs(ms) >= 10_000 {
		return digits(ms/1000, 3) + " s"
	}
	return digits(ms, 3) + " ms"
}

func millisecondsAgainst(ms, limit float64) string {
	if Milliseconds(ms) == Milliseconds(limit) && ms != limit {
		return against(ms, limit) + " ms"
	}
	return Milliseconds(ms)
}

// against writes v with the fewest digits that tell it from the limit.
func against(v, limit float64) string {
	for n := 3; n < 12; n++ {
		if s := digits(v, n); s != digits(limit, n) {
			return s
		}
	}
	return digits(v, 3)
}

// digits writes a number with n significant digits and no exponent: thousands
// keep all their digits, dust is shown as the dust it is.
func digits(v float64, n int) string {
	if v == 0 {
		return "0"
	}
	scale := n - 1 - int(math.Floor(math.Log10(math.Abs(v))))
	if scale > 9 {
		return "< 0.000001"
	}
	p := math.Pow10(max(scale, 0))
	return strconv.FormatFloat(math.Round(v*p)/p, 'f', -1, 64)
}

// Count writes a count with thousands separated: "1,049".
func Count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

// secondsText writes a moment of the run: "12.3 s".
func secondsText(s float64) string { return strconv.FormatFloat(s, 'f', 1, 64) + " s" }

// needs says how many more moves would decide a gate, and how long they take at
// the rate of the run. The more are counted in what the gate counts; of n such
// the run made Attempts moves.
func needs(more int, ok bool, n int, of *measure.Numbers) string {
	if !ok {
		return "the estimate is so close to the limit that no affordable number of moves decides it"
	}
	moves := roundUp(float64(more) * float64(of.Attempts) / float64(n))
	text := "needs about " + plural(moves, "more move", "more moves")
	if of.AttemptsPerS > 0 {
		text += " (" + roughly(float64(moves)/of.AttemptsPerS) + " at this rate)"
	}
	return text
}

// roundUp rounds up to three digits: a forecast knows no more.
func roundUp(v float64) int {
	unit := 1.0
	for v/unit > 1000 {
		unit *= 10
	}
	return int(math.Ceil(v/unit) * unit)
}

// roughly writes a length of time in seconds in one unit, rounded up.
func roughly(s float64) string {
	switch d := time.Duration(min(s, 1e9) * float64(time.Second)); {
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", math.Ceil(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", math.Ceil(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%.0f h", math.Ceil(d.Hours()))
	default:
		return fmt.Sprintf("%.0f days", math.Ceil(d.Hours()/24))
	}
}
