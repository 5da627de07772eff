package run

import (
	"fmt"
	"strconv"
	"strings"
)

// maxRate is the highest rate of turns per second.
const maxRate = 100_000

// newRateCodec returns the codec of a rate: 40/s, 2400/min, or 40, which is
// per second. It accepts 0: whether that is wrong depends on other settings.
func newRateCodec() Codec[float64] {
	return Codec[float64]{
		Shape: Shape{Kind: Text, Bare: true},
		Parse: func(text string) (float64, error) {
			rate, err := parsePerSecond(text)
			if err != nil || rate < 0 {
				return 0, fmt.Errorf("%q is not a rate such as 40/s or 90/min", text)
			}
			if rate > maxRate {
				return 0, fmt.Errorf("%q is more than %d turns per second", text, maxRate)
			}
			return rate, nil
		},
		Write: writeRate,
	}
}

func writeRate(rate float64) string {
	if rate <= 0 {
		return ""
	}
	return writeNumber(rate) + "/s"
}

// parseRamp reads two rates with .. between them.
func parseRamp(s *Spec, text string) error {
	from, to, found := strings.Cut(text, "..")
	first, err := parsePerSecond(from)
	last, err2 := parsePerSecond(to)
	if !found || err != nil || err2 != nil || !(first > 0 && last > 0) || max(first, last) > maxRate {
		return fmt.Errorf("%q is not a ramp such as 10/s..80/s, of rates above 0 and up to %d/s", text, maxRate)
	}
	s.Rate, s.RampTo = first, last
	return nil
}

func writeRamp(s *Spec) string {
	if s.RampTo <= 0 {
		return ""
	}
	return writeRate(s.Rate) + ".." + writeRate(s.RampTo)
}

// parsePerSecond returns a rate in turns per second, rounded to a thousandth,
// which is what k6 gets.
func parsePerSecond(text string) (float64, error) {
	number, unit, named := strings.Cut(text, "/")
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
		return 0, fmt.Errorf("rate %q", text)
	}
	rate := float64(int64(thousandths+0.5)) / 1000
	if rate == 0 && thousandths > 0 {
		return 0, fmt.Errorf("rate %q is below 0.001/s", text)
	}
	return rate, nil
}
