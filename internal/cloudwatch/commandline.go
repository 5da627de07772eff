package cloudwatch

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/telemetry"
)

// formatWatched returns the arguments that say what an alarm watches.
func formatWatched(r telemetry.Rule) []string {
	if len(r.Lines) > 1 {
		return []string{"--metrics", formatMetrics(r)}
	}
	l := r.Lines[0]
	args := []string{"--namespace", l.Metric.Namespace, "--metric-name", l.Metric.Name}
	if len(l.Metric.Dimensions) > 0 {
		args = append(args, "--dimensions")
		for _, d := range l.Metric.Dimensions {
			args = append(args, "Name="+d.Name+",Value="+d.Value)
		}
	}
	stat := "--statistic"
	if isPercentile(l.Stat) {
		stat = "--extended-statistic"
	}
	return append(args, stat, l.Stat, "--period", formatSeconds(r.Period))
}

func formatSeconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// formatMetrics returns the metric math of a rule as the command line takes it.
func formatMetrics(r telemetry.Rule) string {
	type dimension struct{ Name, Value string }
	type metric struct {
		Namespace, MetricName string
		Dimensions            []dimension
	}
	type metricStat struct {
		Metric metric
		Period int
		Stat   string
	}
	type line struct {
		ID         string      `json:"Id"`
		Expression string      `json:",omitempty"`
		Label      string      `json:",omitempty"`
		MetricStat *metricStat `json:",omitempty"`
		ReturnData bool
	}
	var lines []line
	for _, l := range r.Lines {
		one := line{ID: l.ID, Expression: l.Expression, Label: l.Label, ReturnData: l.Watched}
		if l.Expression == "" {
			one.MetricStat = &metricStat{Metric: metric{Namespace: l.Metric.Namespace, MetricName: l.Metric.Name},
				Period: int(r.Period / time.Second), Stat: l.Stat}
			for _, d := range l.Metric.Dimensions {
				one.MetricStat.Metric.Dimensions = append(one.MetricStat.Metric.Dimensions, dimension(d))
			}
		}
		lines = append(lines, one)
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // an expression has ">" in it
	if err := encoder.Encode(lines); err != nil {
		return "[]" // strings, integers and booleans always encode
	}
	return strings.TrimSpace(text.String())
}
