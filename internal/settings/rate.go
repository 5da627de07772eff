package settings

import (
	"fmt"
	"strconv"
	"strings"
)

// maxRate is the highest rate of turns per second.
const maxRate = 100_000

// parseRate reads 40/s, 2400/min or 40, which is per second. It lets 0 pass:
// what is wrong with that depends on what stands beside it.
func parseRate(s *Settings, v string) error {
	rate, err := perSecond(v)
	if err != nil || rate < 0 {
		return fmt.Errorf("%q is not a rate such as 40/s or 90/min", v)
	}
	if rate > maxRate {
		return fmt.Errorf("%q is more than %d turns per second", v, maxRate)
	}
	s.Rate, s.RampTo = rate, 0
	return nil
}

// parseRamp reads two rates with .. between them.
func parseRamp(s *Settings, v string) error {
	from, to, found := strings.Cut(v, "..")
	first, err := perSecond(from)
	last, err2 := perSecond(to)
	if !found || err != nil || err2 != nil || !(first > 0 && last > 0) || max(first, last) > maxRate {
		return fmt.Errorf("%q is not a ramp such as 10/s..80/s, of rates above 0 and up to %d/s", v, maxRate)
	}
	s.Rate, s.RampTo = first, last
	return nil
}

// perSecond is a rate in turns per second, to a thousandth, which is what k6 is
// told.
func perSecond(v string) (float64, error) {
	number, unit, named := strings.Cut(v, "/")
	divisor := 1.0
	switch {
	case named && unit == "min":
		divisor = 60
	case named && unit != "s":
		return 0, fmt.Errorf("unit %q", unit)
	}
	thousandths, err := strconv.ParseFloat(number, 64)
	thousandths *= 1000 / divisor
	if err != nil || !(thousandths > -1e15 && thousandths < 1e15) {
		return 0, fmt.Errorf("rate %q", v)
	}
	rate := float64(int64(thousandths+0.5)) / 1000
	if rate == 0 && thousandths > 0 {
		return 0, fmt.Errorf("rate %q is below 0.001/s", v)
	}
	return rate, nil
}
