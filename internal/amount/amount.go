// Package amount writes numbers as people read them: three digits that matter, a
// unit, thousands apart.
//
// Its opinion: one number looks the same wherever it stands, in a verdict, a
// report, a plan or a warning, so that two of them can be compared by eye.
package amount

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"

	"github.com/dustin/go-humanize"
)

// Absent stands for a number that does not exist.
const Absent = "–"

// Percent writes a ratio with three digits: "0.31 %".
func Percent(ratio float64) string { return formatDigits(100*ratio, 3) + " %" }

// PercentAgainst writes a ratio with as many digits as tell it from the limit:
// "at most 1 %, the limit is 1 %" would be no reason.
func PercentAgainst(ratio, limit float64) string {
	return formatAgainst(100*ratio, 100*limit) + " %"
}

// Points writes a difference of two ratios: "0.31 pp".
func Points(ratio float64) string { return formatDigits(100*ratio, 3) + " pp" }

// Share writes a part of a whole as a percentage; Absent without a whole.
func Share(part, whole int) string {
	if whole == 0 {
		return Absent
	}
	return Percent(float64(part) / float64(whole))
}

// Milliseconds writes a time given in milliseconds: "118 ms", and from 10 s on
// in seconds.
func Milliseconds(ms float64) string {
	if math.Abs(ms) >= 10_000 {
		return formatDigits(ms/1000, 3) + " s"
	}
	return formatDigits(ms, 3) + " ms"
}

// MillisecondsAgainst writes a time with as many digits as tell it from the limit.
func MillisecondsAgainst(ms, limit float64) string {
	if Milliseconds(ms) == Milliseconds(limit) && ms != limit {
		return formatAgainst(ms, limit) + " ms"
	}
	return Milliseconds(ms)
}

// MillisecondsIfAny writes a time in milliseconds that may not exist.
func MillisecondsIfAny(ms *float64) string {
	if ms == nil {
		return Absent
	}
	return Milliseconds(*ms)
}

// formatAgainst writes v with the fewest digits that tell it from the limit.
func formatAgainst(v, limit float64) string {
	for n := 3; n < 12; n++ {
		if s := formatDigits(v, n); s != formatDigits(limit, n) {
			return s
		}
	}
	return formatDigits(v, 3)
}

// Digits writes a number with three digits.
func Digits(v float64) string { return formatDigits(v, 3) }

// RoundNumbers shortens the numbers in a foreign text: 79.51807228915662
// becomes 79.5.
func RoundNumbers(text string) string {
	return longNumber.ReplaceAllStringFunc(text, func(number string) string {
		v, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return number
		}
		return formatDigits(v, 3)
	})
}

// longNumber finds decimals with more digits than are read, and those with an exponent.
var longNumber = regexp.MustCompile(`\b\d+\.\d{4,}(e[+-]?\d+)?\b|\b\d+(\.\d+)?e[+-]?\d+\b`)

// formatDigits writes a number with n significant digits and without an
// exponent. Numbers of 1000 and more keep all digits before the point.
func formatDigits(v float64, n int) string {
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
func Count(n int) string { return humanize.Comma(int64(n)) }

// Plural writes a count with its noun.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

// Seconds writes a moment or a length of a run: "12.3 s".
func Seconds(s float64) string { return strconv.FormatFloat(s, 'f', 1, 64) + " s" }

// RoundUp rounds up to three digits: a forecast knows no more.
func RoundUp(v float64) int {
	unit := 1.0
	for v/unit > 1000 {
		unit *= 10
	}
	return int(math.Ceil(v/unit) * unit)
}

// RoundUpDuration writes a duration in seconds in one unit, rounded up.
func RoundUpDuration(s float64) string {
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
