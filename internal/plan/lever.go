package plan

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/workload"
)

// Change is a setting that makes a gate decidable when nothing else changes.
type Change struct {
	Setting  string `json:"setting"`  // records, rate, ramp, operators, pause, think, duration, attempts, walk
	Relation string `json:"relation"` // ≥, ≤ or =
	Value    string `json:"value"`
}

// String writes the change as flags that can be copied: "--records 152 or more",
// "--pick uniform".
func (c Change) String() string {
	text := "--" + strings.Replace(c.Setting, " with ", " --", 1) + " " + c.Value
	switch c.Relation {
	case "≥":
		return text + " or more"
	case "≤":
		return text + " or less"
	}
	return text
}

// lever is one setting that can be moved away from its value, in one
// direction.
type lever struct {
	setting  string
	from, to float64 // to is the last value that makes sense
	set      func(p *predict.Parameters, v float64)
	step     func(v float64) float64 // what v is shown in multiples of
	unit     func(v float64) string
	whole    bool
	pick     *workload.Pick // changed along with the setting
	relation string         // instead of ≥ or ≤
	bare     bool           // the pick is all that changes
}

// moreSamples are the levers for a gate that only wants attempts.
func moreSamples(f *outlook) []lever {
	if f.RunsOut() { // more load would only use the records up sooner
		return []lever{f.moreRecords(), f.cycleWalk()}
	}
	return []lever{f.longerDuration(), f.moreLoad()}
}

// fewerConflicts are the levers for a gate that contention is too high for.
func fewerConflicts(f *outlook) []lever {
	levers := []lever{f.moreRecords(), f.lessLoad(), f.shorterThink(), f.longerDuration()}
	if !f.IsOpen() {
		levers = append(levers, f.longerPause())
	}
	return levers
}

// fewConflicts is how many conflicts may well turn out to be none.
const fewConflicts = 3

func listRecoveryLevers(f *outlook) []lever {
	levers := append(fewerConflicts(f), f.moreAttempts())
	if f.ExpectedAttempts()*f.Conflict < fewConflicts { // else there are enough to recover from
		levers = append(levers, f.fewerRecords(), f.moreLoad())
	}
	if f.Walk == workload.Forward {
		levers = append(levers, f.cycleWalk())
	}
	return levers
}

func (f *outlook) moreRecords() lever {
	l := f.changeRecords(1e4)
	if f.Pick.IsFirst() { // records beyond the first are never picked
		l.pick = &workload.Pick{}
		l.from = 1
	}
	return l
}

func (f *outlook) fewerRecords() lever {
	return f.changeRecords(max(1, float64(f.Operators)*f.countOwners()))
}

func (f *outlook) countOwners() float64 {
	if f.Pick.IsOwn() {
		return 1
	}
	return 0
}

func (f *outlook) changeRecords(to float64) lever {
	return lever{setting: "records", from: float64(f.Records), to: to, whole: true,
		set: func(p *predict.Parameters, v float64) { p.Records = int(v) }, step: stepOne, unit: showCount}
}

func (f *outlook) lessLoad() lever { return f.loadTo(0.01, 1) }
func (f *outlook) moreLoad() lever { return f.loadTo(1e4, 1e4) }

func (f *outlook) loadTo(rate, operators float64) lever {
	if !f.IsOpen() {
		return lever{setting: "operators", from: float64(f.Operators), to: operators, whole: true,
			set: func(p *predict.Parameters, v float64) { p.Operators = int(v) }, step: stepOne, unit: showCount}
	}
	ramp := f.RampTo / f.Rate // both ends move together
	l := lever{setting: "rate", from: f.Rate, to: rate,
		set:  func(p *predict.Parameters, v float64) { p.Rate, p.RampTo = v, v*ramp },
		step: stepHundredth, unit: showRate}
	if ramp > 0 {
		l.setting, l.unit = "ramp", func(v float64) string { return showRate(v) + ".." + showRate(v*ramp) }
	}
	return l
}

func (f *outlook) longerDuration() lever {
	warmUp := f.Warmup.Seconds()
	return lever{setting: "duration", from: f.Duration.Seconds(), to: max(24*3600, warmUp),
		set: func(p *predict.Parameters, v float64) { p.Duration = toDuration(v) }, step: stepHundredth, unit: showSeconds}
}

func (f *outlook) shorterThink() lever {
	return lever{setting: "think", from: predict.MeanSeconds(f.Think), to: 0,
		set: func(p *predict.Parameters, v float64) { p.Think = scaleDelay(f.Think, v) }, step: stepHundredth, unit: showSeconds}
}

func (f *outlook) longerPause() lever {
	return lever{setting: "pause", from: predict.MeanSeconds(f.Pause), to: 3600,
		set: func(p *predict.Parameters, v float64) { p.Pause = scaleDelay(f.Pause, v) }, step: stepHundredth, unit: showSeconds}
}

func (f *outlook) moreAttempts() lever {
	return lever{setting: "attempts", from: float64(max(f.Attempts, 1)), to: 10, whole: true,
		set: func(p *predict.Parameters, v float64) { p.Attempts = int(v) }, step: stepOne, unit: showCount}
}

func (f *outlook) cycleWalk() lever {
	return lever{setting: "walk", from: 0, to: 1, whole: true, relation: "=",
		set:  func(p *predict.Parameters, _ float64) { p.Walk = workload.Cycle },
		step: stepOne, unit: func(float64) string { return workload.Cycle.String() }}
}

func stepOne(float64) float64 { return 1 }

// stepHundredth returns a step of about a hundredth of v, so that at least two
// digits are kept: 0.001 for 0.16 s, 0.1 for 16 s.
func stepHundredth(v float64) float64 {
	if v <= 0 {
		return 1
	}
	return math.Pow(10, math.Floor(math.Log10(v))-2)
}

func showCount(v float64) string { return strconv.Itoa(int(v)) }

// showRate writes three digits at least, and no exponent: 1200/s.
func showRate(v float64) string {
	after := max(0, 2-int(math.Floor(math.Log10(v))))
	text := strconv.FormatFloat(v, 'f', after, 64)
	if after > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text + "/s"
}

func showSeconds(v float64) string { return toDuration(v).Round(time.Microsecond).String() }

func toDuration(v float64) time.Duration {
	return workload.ClampDuration(math.Round(v * float64(time.Second)))
}

// scaleDelay returns a delay of the same form with another mean. A delay
// without a mean that could be scaled becomes a fixed one.
func scaleDelay(d workload.Delay, to float64) workload.Delay {
	by := 0.0
	if m := predict.MeanSeconds(d); m > 0 {
		by = to / m
	}
	scale := func(x time.Duration) time.Duration { return workload.ClampDuration(by * float64(x)) }
	switch d := d.(type) {
	case workload.Uniform:
		return workload.Uniform{From: scale(d.From), To: scale(d.To)}
	case workload.Exponential:
		return workload.Exponential(toDuration(to))
	case workload.Lognormal:
		return workload.Lognormal{Median: scale(d.Median), P95: scale(d.P95)}
	}
	return workload.Fixed(toDuration(to))
}

// round gives a value fit to be shown that lies no nearer to where the lever
// comes from: rounding a limit of 12.6 ms up to 13 ms would miss it.
func (l lever) round(v float64) float64 {
	step := l.step(v)
	n := v / step
	if l.to < l.from {
		return max(step*math.Floor(n+1e-9), l.to)
	}
	return min(step*math.Ceil(n-1e-9), l.to)
}

// changeTo returns the change that sets the lever to v.
func (l lever) changeTo(v float64) Change {
	c := Change{Setting: l.setting, Relation: "≥", Value: l.unit(v)}
	if l.to < l.from {
		c.Relation = "≤"
	}
	if l.relation != "" {
		c.Relation = l.relation
	}
	if l.pick != nil && !l.bare {
		c.Setting = fmt.Sprintf("pick %s with %s", l.pick, l.setting)
	}
	return c
}
