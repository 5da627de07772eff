package telemetry

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rule is the definition of an alarm: one line with an expression or a metric is
// watched, the others feed it.
type Rule struct {
	Name         string
	Description  string
	Lines        []Line
	Period       time.Duration // of every line
	Periods      int           // that are looked at
	ToAlarm      int           // of them, that must breach
	Comparison   string        // such as GreaterThanThreshold
	Threshold    float64
	Missing      string   // how a missing datapoint is treated
	Unsupported  string   // why the rule is not fully told by these fields; empty: it is
	Enabled      bool     // its actions
	Actions      []string // when it goes to ALARM
	OKActions    []string
	LostActions  []string // when it goes to INSUFFICIENT_DATA
	StateChanged time.Time
	State        string
}

// Line is one metric or expression of a rule. An alarm on one metric has one
// line without an id.
type Line struct {
	ID         string
	Expression string   // empty: a metric
	Metric     Identity //
	Stat       string   // Sum, SampleCount, p95 and so on
	Unit       string   // the only one that is taken; empty: any
	Label      string
	Watched    bool
}

// The names of the declared alarms.
const (
	HighConflictRate  = "MoveAPI-HighConflictRate"
	HighConflictRatio = "MoveAPI-HighConflictRatio"
	HighLatency       = "MoveAPI-HighLatency"
)

// Enough is how many attempts a ratio alarm wants to see within its period: one
// a second. With 5 % conflicts, 300 attempts show more than 10 % once in eight
// thousand periods; 20 attempts do so in every thirteenth.
const Enough = 300

// lookback is the period of the declared alarms.
const lookback = 5 * time.Minute

// DeclaredRules returns the alarms that a stage should have. Missing data stays
// missing: an emitter that publishes a 0 for every good attempt falls silent
// only when no record is moved, or when it is broken.
func DeclaredRules(s Source) []Rule {
	base := Rule{Period: lookback, Periods: 1, ToAlarm: 1, Comparison: "GreaterThanThreshold", Missing: "missing", Enabled: true}
	absolute, ratio, slow := base, base, base
	absolute.Name, absolute.Threshold = HighConflictRate, 30
	absolute.Description = "More than 30 conflicts in 5 minutes, as the runbook has it."
	absolute.Lines = []Line{{Metric: s.Metric(Conflicts), Stat: "Sum", Watched: true}}
	ratio.Name, ratio.Threshold = HighConflictRatio, 10
	ratio.Description = fmt.Sprintf("More than 10 %% of the attempts of 5 minutes are conflicts; silent below %d attempts.", Enough)
	ratio.Lines = []Line{
		{ID: "ratio", Expression: percentage, Label: "conflicts, % of attempts", Watched: true},
		{ID: "c", Metric: s.Metric(Conflicts), Stat: "Sum"},
		{ID: "a", Metric: s.Metric(Latency), Stat: "SampleCount"},
	}
	slow.Name, slow.Threshold = HighLatency, 400
	slow.Description = "The p95 of a move over 5 minutes is above 400 ms."
	slow.Lines = []Line{{Metric: s.Metric(Latency), Stat: "p95", Watched: true}}
	return []Rule{absolute, ratio, slow}
}

// percentage is the share of conflicts by metric math, of Sum(OCCConflicts) c and
// SampleCount(MoveLatency) a.
var percentage = fmt.Sprintf("IF(a >= %d, 100 * c / a, 0)", Enough)

// Metrics returns the metrics that a rule reads.
func (r Rule) Metrics() []Identity {
	var all []Identity
	for _, l := range r.Lines {
		if l.Expression == "" {
			all = append(all, l.Metric)
		}
	}
	return all
}

// Watches reports whether a rule reads a metric of a namespace.
func (r Rule) Watches(namespace string) bool {
	return slices.ContainsFunc(r.Metrics(), func(m Identity) bool { return m.Namespace == namespace })
}

// Condition writes what makes the alarm fire: "Sum of OCCConflicts {…} over 5m0s
// > 30".
func (r Rule) Condition() string {
	what := r.Unsupported
	for _, l := range r.Lines {
		if l.Watched {
			what = l.String()
		}
	}
	return fmt.Sprintf("%s over %s %s %s", what, r.Period, signOf(r.Comparison), formatNumber(r.Threshold))
}

// String writes a line as "Sum of OCCConflicts {…}", or as its expression.
func (l Line) String() string {
	if l.Expression != "" {
		return l.Expression
	}
	text := l.Stat + " of " + l.Metric.String()
	if l.Unit != "" {
		text += " in " + l.Unit
	}
	return text
}

func signOf(comparison string) string {
	signs := map[string]string{
		"GreaterThanThreshold": ">", "GreaterThanOrEqualToThreshold": ">=",
		"LessThanThreshold": "<", "LessThanOrEqualToThreshold": "<=",
	}
	if s, ok := signs[comparison]; ok {
		return s
	}
	return comparison
}

func formatNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func (r Rule) formatLine() string {
	var parts []string
	for _, l := range r.Lines {
		text := l.String()
		if l.Expression == "" && l.Metric.Namespace != "" {
			text += " in " + l.Metric.Namespace
		}
		if l.ID != "" {
			text = l.ID + ": " + text
		}
		if l.Watched {
			text += " (watched)"
		}
		parts = append(parts, text)
	}
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}
