package workload

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// Delay is a distribution of waiting times: the think time between reading
// and updating, or the pause between turns.
type Delay interface {
	Draw(r *rand.Rand) time.Duration
	Mean() time.Duration
	Quantile(u float64) float64 // in seconds: a draw stays below it with probability u
	String() string             // the form that ParseDelay reads
}

const delayForms = "use for example 250ms, uniform:100ms-400ms, exp:250ms or lognormal:250ms,900ms"

// ParseDelay reads a delay; durations are Go's (250ms, 1.5s, 0):
//
//	250ms                  always the same
//	uniform:100ms-400ms    evenly between the two
//	exp:250ms              exponential with this mean
//	lognormal:250ms,900ms  lognormal with this median and this 95th percentile
func ParseDelay(s string) (Delay, error) {
	name, arg, hasArg := strings.Cut(s, ":")
	if !hasArg {
		d, err := parseDuration(s)
		if err != nil {
			return nil, fmt.Errorf("parsing delay %q: %w; %s", s, err, delayForms)
		}
		return Fixed(d), nil
	}
	parse, ok := delayParsers[name]
	if !ok {
		return nil, fmt.Errorf("parsing delay %q: %q is no known distribution; %s", s, name, delayForms)
	}
	d, err := parse(arg)
	if err != nil {
		return nil, fmt.Errorf("parsing delay %q: %w", s, err)
	}
	return d, nil
}

var delayParsers = map[string]func(arg string) (Delay, error){
	"uniform": parseUniform, "exp": parseExponential, "lognormal": parseLognormal,
}

func parseUniform(arg string) (Delay, error) {
	from, to, err := parsePair(arg, "-")
	if err != nil {
		return nil, fmt.Errorf("%w; use for example uniform:100ms-400ms", err)
	}
	if from >= to {
		return nil, fmt.Errorf("%v is not below %v; use the shorter one first, or a fixed %v", from, to, from)
	}
	return Uniform{From: from, To: to}, nil
}

func parseExponential(arg string) (Delay, error) {
	mean, err := parseDuration(arg)
	if err != nil {
		return nil, fmt.Errorf("%w; use for example exp:250ms", err)
	}
	if mean == 0 {
		return nil, fmt.Errorf("a mean of 0 leaves no distribution; use a plain 0")
	}
	return Exponential(mean), nil
}

func parseLognormal(arg string) (Delay, error) {
	median, p95, err := parsePair(arg, ",")
	if err != nil {
		return nil, fmt.Errorf("%w; use for example lognormal:250ms,900ms (median, p95)", err)
	}
	if median == 0 || p95 <= median {
		return nil, fmt.Errorf("the median must be above 0 and the p95 above the median; use for example lognormal:250ms,900ms")
	}
	return Lognormal{Median: median, P95: p95}, nil
}

func parsePair(arg, separator string) (a, b time.Duration, err error) {
	left, right, ok := strings.Cut(arg, separator)
	if !ok {
		return 0, 0, fmt.Errorf("want two durations with %q between them", separator)
	}
	if a, err = parseDuration(left); err != nil {
		return 0, 0, err
	}
	b, err = parseDuration(right)
	return a, b, err
}

func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration", s)
	}
	if d < 0 {
		return 0, fmt.Errorf("%v is negative", d)
	}
	return d, nil
}

// Fixed always waits the same time.
type Fixed time.Duration

// Uniform waits evenly between From and To.
type Uniform struct{ From, To time.Duration }

// Exponential waits exponentially distributed times with this mean.
type Exponential time.Duration

// Lognormal waits lognormally distributed times, given by their median and
// their 95th percentile: the two figures a person can estimate.
type Lognormal struct{ Median, P95 time.Duration }

// Draw returns the fixed time.
func (f Fixed) Draw(*rand.Rand) time.Duration { return time.Duration(f) }

// Draw draws one time.
func (u Uniform) Draw(r *rand.Rand) time.Duration {
	if u.To <= u.From {
		return u.From
	}
	return u.From + time.Duration(r.Int64N(int64(u.To-u.From)))
}

// Draw draws one time.
func (e Exponential) Draw(r *rand.Rand) time.Duration {
	return ClampDuration(r.ExpFloat64() * float64(e))
}

// Draw draws one time.
func (l Lognormal) Draw(r *rand.Rand) time.Duration {
	return ClampDuration(float64(l.Median) * math.Exp(l.sigma()*r.NormFloat64()))
}

// Mean returns the fixed time.
func (f Fixed) Mean() time.Duration { return time.Duration(f) }

// Mean returns the middle of the range.
func (u Uniform) Mean() time.Duration { return u.From + (u.To-u.From)/2 }

// Mean returns the mean.
func (e Exponential) Mean() time.Duration { return time.Duration(e) }

// Mean returns median·exp(σ²/2), which lies above the median.
func (l Lognormal) Mean() time.Duration {
	s := l.sigma()
	return ClampDuration(float64(l.Median) * math.Exp(s*s/2))
}

// Quantile returns the fixed time.
func (f Fixed) Quantile(float64) float64 { return time.Duration(f).Seconds() }

// Quantile returns the time that divides the range at u.
func (u Uniform) Quantile(q float64) float64 {
	return u.From.Seconds() + q*(u.To-u.From).Seconds()
}

// Quantile returns −ln(1−u) times the mean.
func (e Exponential) Quantile(u float64) float64 {
	return -math.Log1p(-u) * time.Duration(e).Seconds()
}

// Quantile returns median·exp(σ·z), z being the standard normal quantile.
func (l Lognormal) Quantile(u float64) float64 {
	return l.Median.Seconds() * math.Exp(l.sigma()*math.Sqrt2*math.Erfinv(2*u-1))
}

func (f Fixed) String() string       { return time.Duration(f).String() }
func (u Uniform) String() string     { return "uniform:" + u.From.String() + "-" + u.To.String() }
func (e Exponential) String() string { return "exp:" + time.Duration(e).String() }
func (l Lognormal) String() string   { return "lognormal:" + l.Median.String() + "," + l.P95.String() }

// z95 is the 95th percentile of the standard normal distribution.
const z95 = 1.6448536269514722

// sigma is the standard deviation of the logarithm: p95 = median·exp(z95·σ).
func (l Lognormal) sigma() float64 {
	if l.Median <= 0 || l.P95 <= l.Median {
		return 0
	}
	return math.Log(float64(l.P95)/float64(l.Median)) / z95
}

// ClampDuration returns nanoseconds as a duration. It keeps a draw from the far tail inside
// what a Duration holds:
// past it, the conversion from float64 is not defined.
func ClampDuration(ns float64) time.Duration {
	if ns >= math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(ns)
}
