package reports

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/telemetry"
)

// CloudWatch writes what was pulled of a run, with the clients' numbers beside
// it.
func CloudWatch(w io.Writer, run Run) error {
	var b strings.Builder
	if err := textCloudWatch(&b, run); err != nil {
		return fmt.Errorf("writing what was pulled: %w", err)
	}
	if _, err := io.WriteString(w, strings.TrimPrefix(b.String(), "\n")); err != nil {
		return fmt.Errorf("writing what was pulled: %w", err)
	}
	return nil
}

// textCloudWatch shows both accounts of the run side by side, and the alarms.
func textCloudWatch(b *strings.Builder, run Run) error {
	r := run.CloudWatch
	if r == nil {
		return nil
	}
	b.WriteString("\nThe server's own account (CloudWatch)\n")
	hang(b, "  ", sourceText(r))
	if r.Error != "" {
		hang(b, "  ! ", "not pulled: "+short(r.Error, longest))
		return nil
	}
	t := table{header: accountHeader, align: "lrr", rows: accounts(run)}
	if err := t.write(b); err != nil {
		return err
	}
	hang(b, "  ", short(telemetry.Reconcile(run.Counts, r, clientP95(run)).Why.Sentence(), longest))
	if r.Percentiles != nil {
		hang(b, "  ", "The clients' times are those of the measured window, the server's those of all attempts.")
	}
	for _, f := range lambdaFacts(r.Lambda) {
		hang(b, "  ", f.Name+": "+f.Value)
	}
	for _, f := range alarmFacts(r) {
		hang(b, "  ", f.Name+": "+f.Value)
	}
	return nil
}

// sourceText says where the metrics were looked for.
func sourceText(r *telemetry.Report) string {
	s := r.Source
	text := fmt.Sprintf("%s, Service=%s, Environment=%s in %s", clean(s.Namespace), telemetry.Service, clean(s.Stage), orUnknown(s.Region))
	if s.Endpoint != "" {
		text += ", asked on " + clean(s.Endpoint)
	}
	return text
}

var accountHeader = []string{"", "CloudWatch", "clients"}

// accounts puts the server's numbers beside the clients'.
func accounts(run Run) [][]string {
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

func clientP95(run Run) *float64 {
	if run.Numbers == nil {
		return nil
	}
	return run.Numbers.Latency.P95MS
}

// lambdaFacts are what AWS itself says of the function.
func lambdaFacts(l *telemetry.Lambda) []fact {
	if l == nil {
		return nil
	}
	var all []fact
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
			text = strconv.FormatFloat(*row.value, 'f', -1, 64) + row.unit
		}
		all = append(all, fact{"Lambda " + row.name, text})
	}
	return all
}

// mostChanges is how many changes of an alarm are listed: one that flaps fills
// no page.
const mostChanges = 6

// alarmFacts say of each alarm what it watches and what it did, by its history.
func alarmFacts(r *telemetry.Report) []fact {
	if r.AlarmsError != "" {
		return []fact{{"alarms", "not pulled: " + short(r.AlarmsError, longest)}}
	}
	var all []fact
	for i := range r.Alarms {
		a := &r.Alarms[i]
		all = append(all, fact{short(a.Name, 100), short(a.Watches, 200) + "; " + alarmLife(a, r.Window.Start)})
	}
	if len(all) == 0 {
		return []fact{{"alarms", "none watches these metrics"}}
	}
	return all
}

func alarmLife(a *telemetry.Alarm, start time.Time) string {
	var parts []string
	if a.Blind != "" {
		parts = append(parts, "can never fire: "+short(a.Blind, 300))
	}
	for _, c := range a.Changes[:min(len(a.Changes), mostChanges)] {
		parts = append(parts, fmt.Sprintf("%s after %s", short(c.To, 40), amount.Seconds(c.At.Sub(start).Seconds())))
	}
	if more := len(a.Changes) - mostChanges; more > 0 {
		parts = append(parts, amount.Plural(more, "more change", "more changes"))
	}
	if len(a.Changes) == 0 {
		parts = append(parts, "no change, "+orUnknown(a.Before))
	}
	return strings.Join(parts, ", ")
}

// cloudWatchFacts are both accounts for a page.
func cloudWatchFacts(run Run) []fact {
	r := run.CloudWatch
	if r == nil {
		return nil
	}
	all := []fact{{"CloudWatch", sourceText(r)}}
	if r.Error != "" {
		return append(all, fact{"not pulled", short(r.Error, longest)})
	}
	for _, row := range accounts(run) {
		all = append(all, fact{row[0], row[1] + " by CloudWatch, " + row[2] + " by the clients"})
	}
	return slices.Concat(all, lambdaFacts(r.Lambda), alarmFacts(r))
}

// unobserved says what is not known of the server's own metrics.
func unobserved(run Run) []string {
	switch {
	case run.Verdict.WithoutCloudWatch:
		return []string{"The server's own metrics and alarms (CloudWatch): left out on request (--without-cloudwatch)."}
	case run.CloudWatch == nil:
		return []string{"The server's own metrics and alarms (CloudWatch) were not looked at."}
	case run.CloudWatch.Error != "":
		return []string{"The server's own metrics and alarms (CloudWatch) could not be had."}
	}
	return nil
}

// observation is cloudwatch.json with what it comes to, for the report as JSON.
type observation struct {
	Clients   telemetry.Counts  `json:"clients"`
	Finding   telemetry.Finding `json:"finding"`
	Why       reason.Reason     `json:"why"`
	ClientP95 *float64          `json:"client_p95_ms"`
	Report    telemetry.Report  `json:"cloudwatch"`
}

// observe makes what was pulled safe to show; nil when nothing was.
func observe(run Run) *observation {
	if run.CloudWatch == nil {
		return nil
	}
	r := *run.CloudWatch
	r.Error, r.AlarmsError, r.Hint = clean(r.Error), clean(r.AlarmsError), clean(r.Hint)
	r.Source.Region, r.Source.Endpoint, r.Source.Namespace = clean(r.Source.Region), clean(r.Source.Endpoint), clean(r.Source.Namespace)
	r.Source.Stage, r.Source.Function = clean(r.Source.Stage), clean(r.Source.Function)
	r.Points = append([]telemetry.Point{}, r.Points...)
	r.Alarms = append([]telemetry.Alarm{}, r.Alarms...)
	for i := range r.Alarms {
		a := &r.Alarms[i]
		a.Name, a.Watches, a.Before, a.State, a.Blind = clean(a.Name), clean(a.Watches), clean(a.Before), clean(a.State), clean(a.Blind)
		a.Changes = append([]telemetry.Change{}, a.Changes...)
		for j := range a.Changes {
			c := &a.Changes[j]
			c.From, c.To, c.Reason = clean(c.From), clean(c.To), clean(c.Reason)
		}
	}
	found := telemetry.Reconcile(run.Counts, run.CloudWatch, clientP95(run))
	return &observation{Clients: run.Counts, Finding: found.Finding, Why: found.Why.Clean(clean), ClientP95: clientP95(run), Report: r}
}
