package alarms

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
	"github.com/occbench/occbench/reference-server/cwlocal/metricmath"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

// writeReason says in CloudWatch's words why the alarm is in a state.
func (a *Alarm) writeReason(points metricmath.TimeSeries, verdict string) string {
	periods := *a.EvaluationPeriods
	recent := cutNewest(points, periods)
	if verdict == StateInsufficient {
		return fmt.Sprintf("Insufficient Data: %s unknown.", pluralize(periods, "datapoint was", "datapoints were"))
	}
	if len(recent) == 0 {
		return fmt.Sprintf("Threshold Crossed: no datapoints were received for %s and %s treated as [%s].",
			pluralize(periods, "period", "periods"), pluralize(periods, "missing datapoint was", "missing datapoints were"),
			capitalize(a.missingPolicy()))
	}
	return a.formatReason(recent, verdict)
}

func (a *Alarm) formatReason(recent metricmath.TimeSeries, verdict string) string {
	listed := recent[:0:0]
	for _, p := range recent {
		if a.breaches(p.Value) == (verdict == StateAlarm) {
			listed = append(listed, p)
		}
	}
	if len(listed) == 0 { // missing datapoints decided
		listed = recent
	}
	values := make([]string, len(listed))
	for i, p := range listed {
		values[len(listed)-1-i] = fmt.Sprintf("%s (%s)", protocol.FormatDecimal(p.Value),
			time.Unix(p.At, 0).UTC().Format("02/01/06 15:04:05"))
	}
	verb := "was"
	if len(listed) > 1 {
		verb = "were"
	}
	if !a.breaches(listed[0].Value) {
		verb += " not"
	}
	return fmt.Sprintf("Threshold Crossed: %d out of the last %d datapoints [%s] %s %s the threshold (%s) (%s for %s transition).",
		len(listed), *a.EvaluationPeriods, strings.Join(values, ", "), verb, comparisons[*a.ComparisonOperator].words,
		protocol.FormatDecimal(*a.Threshold), a.writeMinimum(verdict), nameTransition(verdict))
}

// writeMinimum says how many datapoints it takes to turn.
func (a *Alarm) writeMinimum(verdict string) string {
	if verdict == StateAlarm {
		return pluralize(a.CountNeeded(), "datapoint", "datapoints")
	}
	return pluralize(*a.EvaluationPeriods-a.CountNeeded()+1, "datapoint", "datapoints")
}

func nameTransition(verdict string) string {
	if verdict == StateAlarm {
		return "OK -> ALARM"
	}
	return "ALARM -> OK"
}

// formatReasonData returns the reason as JSON, for machines.
func (a *Alarm) formatReasonData(points metricmath.TimeSeries, w metricdata.Window, at time.Time) string {
	recent := cutNewest(points, *a.EvaluationPeriods)
	values := []float64{}
	evaluated := []map[string]any{}
	for _, p := range recent {
		values = append(values, p.Value)
		evaluated = append(evaluated, map[string]any{"timestamp": formatJavaTime(time.Unix(p.At, 0)), "value": p.Value})
	}
	data := map[string]any{
		"version": "1.0", "queryDate": formatJavaTime(at), "period": a.period(), "threshold": *a.Threshold,
		"recentDatapoints": values, "evaluatedDatapoints": evaluated,
	}
	if name := a.statisticName(); name != "" {
		data["statistic"] = name
	}
	if len(recent) > 0 {
		data["startDate"] = formatJavaTime(time.Unix(recent[0].At, 0))
	}
	return boundText(formatJSON(data), 4000)
}

// boundText keeps a text that fits and replaces one that does not: half a JSON
// document would be worse than an empty one.
func boundText(text string, limit int) string {
	if len(text) > limit {
		return "{}"
	}
	return text
}

// formatJSON returns a value as JSON. It is for maps of strings and finite numbers, which can
// always be encoded.
func formatJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "{}"
	}
	return string(b)
}

func cutNewest(points metricmath.TimeSeries, n int) metricmath.TimeSeries {
	return points[max(0, len(points)-n):]
}

func formatJavaTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000+0000") }

func pluralize(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}

func capitalize(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
