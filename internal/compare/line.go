package compare

import (
	"math"

	"github.com/occbench/occbench/internal/gate"
)

// Verdict is the answer to one question, or to all of them.
type Verdict string

// The verdicts. NoData says that one of the runs has nothing to compare.
const (
	Worse    Verdict = "worse"
	Better   Verdict = "better"
	NoChange Verdict = "no detectable change"
	NoData   Verdict = "no data"
)

// Group is the kind of question that a line asks.
type Group string

// The groups: the gates of a verdict, the share that an outcome has in all
// updates, and how long answers took.
const (
	Gates     Group = "gate"
	Shares    Group = "share"
	Latencies Group = "latency"
)

// Line is one question: was it worse or better than in the base? All numbers
// are in its unit; one that does not exist is nil, null in JSON.
type Line struct {
	Group Group     `json:"group"`
	Name  string    `json:"name"` // of a gate, of an outcome, or updates, reads, response
	Unit  gate.Unit `json:"unit"`
	Test  string    `json:"test"`
	Base  Value     `json:"base"`
	Run   Value     `json:"run"`

	// Difference is run − base; for latencies the median of the differences of
	// all pairs, which is not the difference of the medians. Lower and Upper
	// bound it at Level, which is higher than the confidence because many
	// questions are asked.
	Difference *float64 `json:"difference"`
	Lower      *float64 `json:"lower"`
	Upper      *float64 `json:"upper"`
	Level      float64  `json:"level"`

	// Relative is how much worse, as a share of the base's bad value: +0.1 is
	// 10 % slower, or 10 % more errors. Nil where the base has none.
	Relative *float64 `json:"relative"`
	Effect   *Effect  `json:"effect"`
	P        *float64 `json:"p"`          // of no change beyond the noise
	Adjusted *float64 `json:"p_adjusted"` // Holm's, for the number of lines
	Noise    float64  `json:"noise"`      // a difference up to this is no change

	// Detectable is the smallest worsening that this comparison would have
	// called one in 80 of 100 cases; nil: none, however large.
	Detectable *float64 `json:"detectable"`
	Verdict    Verdict  `json:"verdict"`
	Reason     string   `json:"reason,omitempty"` // of NoData, and of a verdict that no test gave

	p      float64 // P, where there is a test
	settle settler // nil: there is none
}

// settler fills in what depends on the two-sided level at which a line is
// tested, and returns the direction that the bounds prove: 1 up, -1 down, 0
// neither.
type settler func(l *Line, alpha float64) int

// Value is the number of one run.
type Value struct {
	Estimate *float64 `json:"estimate"`       // for latencies the median
	N        int      `json:"n"`              // samples
	Hits     *int     `json:"hits,omitempty"` // of a share
	Kept     int      `json:"kept,omitempty"` // samples that were kept, where not all were
}

// Effect is the size of a difference in a measure that does not depend on how
// many samples there were.
type Effect struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Words string  `json:"words"`
}

// setNoData sets the verdict of a line without data.
func (l *Line) setNoData(reason string) *Line {
	l.Verdict, l.Reason = NoData, reason
	return l
}

// decide gives the verdict that belongs to an adjusted p-value. The bounds at
// the level of the test prove the same as the p-value does.
func (l *Line) decide(adjusted, alpha, level float64) {
	p := l.p
	l.P, l.Adjusted, l.Level = &p, &adjusted, 1-level
	up := l.settle(l, level)
	l.Verdict = NoChange
	switch {
	case adjusted > alpha || up == 0:
	case up > 0 != l.isMoreBetter():
		l.Verdict = Worse
	default:
		l.Verdict = Better
	}
}

// isMoreBetter reports whether the line counts good cases.
func (l *Line) isMoreBetter() bool { return l.Group == Gates && gate.RuleOf(l.Name).Kind == gate.Every }

// newFloat returns a pointer to v.
func newFloat(v float64) *float64 { return &v }

// finiteOrNil returns a pointer to v, or nil when v is infinite or not a
// number.
func finiteOrNil(v float64) *float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return nil
	}
	return &v
}

// findDirection returns 1 or -1 when the bounds prove a change beyond the
// margin, upwards or downwards, and 0 when they prove none.
func findDirection(lower, upper, margin float64) int {
	switch {
	case lower > margin:
		return 1
	case upper < -margin:
		return -1
	}
	return 0
}
