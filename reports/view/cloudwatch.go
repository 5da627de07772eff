package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/telemetry"
)

// SourceText says where the metrics were looked for.
func SourceText(r *telemetry.Report) string {
	s := r.Source
	text := fmt.Sprintf("%s, Service=%s, Environment=%s in %s", s.Namespace, telemetry.Service, s.Stage,
		OrUnknown(s.Region))
	if s.Endpoint != "" {
		text += ", asked on " + s.Endpoint
	}
	return text
}

var AccountHeader = []string{"", "CloudWatch", "clients"}

// CompareAccounts returns rows with the server's numbers beside the clients'.
func CompareAccounts(run Run) [][]string {
	r, c := run.CloudWatch, run.Counts
	rows := [][]string{
		{"attempts", amount.Count(r.Server.Attempts), amount.Count(c.Attempts)},
		{"conflicts", amount.Count(r.Server.Conflicts), amount.Count(c.Conflicts)},
	}
	p := r.Percentiles
	if p == nil {
		return rows
	}
	clients := [4]*float64{}
	if n := run.Numbers; n != nil {
		l := n.Latency
		clients = [4]*float64{l.P50MS, l.P95MS, l.P99MS, l.MaxMS}
	}
	for i, row := range []struct {
		name string
		ms   float64
	}{{"p50", p.P50MS}, {"p95", p.P95MS}, {"p99", p.P99MS}, {"max", p.MaxMS}} {
		rows = append(rows, []string{row.name, amount.Milliseconds(row.ms), amount.MillisecondsIfAny(clients[i])})
	}
	return rows
}

func ClientP95(run Run) *float64 {
	if run.Numbers == nil {
		return nil
	}
	return run.Numbers.Latency.P95MS
}

// LambdaFacts returns AWS's own numbers of the function.
func LambdaFacts(l *telemetry.Lambda) []Fact {
	if l == nil {
		return nil
	}
	var all []Fact
	for _, row := range []struct {
		name  string
		value *float64
		unit  string
	}{
		{"invocations", l.Invocations, ""}, {"errors", l.Errors, ""}, {"throttles", l.Throttles, ""},
		{"duration, p95", l.DurationP95MS, " ms"}, {"concurrent executions, most", l.Concurrency, ""},
	} {
		text := "no data"
		if row.value != nil {
			text = amount.Digits(*row.value) + row.unit
		}
		all = append(all, Fact{"Lambda " + row.name, text})
	}
	return all
}

// mostChanges is how many changes of an alarm are listed: one that flaps fills
// no page.
const mostChanges = 6

// AlarmFacts say of each alarm what it watches and what it did, by its history.
func AlarmFacts(r *telemetry.Report) []Fact {
	if r.AlarmsError != "" {
		return []Fact{{"alarms", "not pulled: " + ShortenText(r.AlarmsError, Longest)}}
	}
	var all []Fact
	for i := range r.Alarms {
		a := &r.Alarms[i]
		all = append(all, Fact{ShortenText(a.Name, 100), ShortenText(a.Watches, 200) + "; " + describeAlarm(a, r.Window.Start)})
	}
	if len(all) == 0 {
		return []Fact{{"alarms", "none watches these metrics"}}
	}
	return all
}

func describeAlarm(a *telemetry.Alarm, start time.Time) string {
	var parts []string
	if a.Blind != "" {
		parts = append(parts, "can never fire: "+ShortenText(a.Blind, 300))
	}
	for _, c := range a.Changes[:min(len(a.Changes), mostChanges)] {
		parts = append(parts, fmt.Sprintf("%s after %s", ShortenText(c.To, 40), amount.Seconds(c.At.Sub(start).Seconds())))
	}
	if more := len(a.Changes) - mostChanges; more > 0 {
		parts = append(parts, amount.Plural(more, "more change", "more changes"))
	}
	if len(a.Changes) == 0 {
		parts = append(parts, "no change, "+OrUnknown(a.Before))
	}
	return strings.Join(parts, ", ")
}

// CloudWatchFacts are both accounts for a page.
func CloudWatchFacts(run Run) []Fact {
	r := run.CloudWatch
	if r == nil {
		return nil
	}
	all := []Fact{{"CloudWatch", SourceText(r)}}
	if r.Error != "" {
		return append(all, Fact{"not pulled", ShortenText(r.Error, Longest)})
	}
	for _, row := range CompareAccounts(run) {
		all = append(all, Fact{row[0], row[1] + " by CloudWatch, " + row[2] + " by the clients"})
	}
	return slices.Concat(all, LambdaFacts(r.Lambda), AlarmFacts(r))
}

// describeUnobserved says which of the server's own metrics are not known.
func describeUnobserved(run Run) []string {
	switch {
	case run.Verdict.WithoutCloudWatch:
		return []string{"The server's own metrics and alarms (CloudWatch): left out on request (--without-cloudwatch)."}
	case run.CloudWatch == nil && run.Manifest != nil && !run.Manifest.Spec.HasMetrics():
		return nil
	case run.CloudWatch == nil:
		return []string{"The server's own metrics and alarms (CloudWatch) were not looked at."}
	case run.CloudWatch.Error != "":
		return []string{"The server's own metrics and alarms (CloudWatch) could not be had."}
	}
	return nil
}
