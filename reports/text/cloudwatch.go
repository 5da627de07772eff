package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/reports/view"
)

// CloudWatch writes what was pulled of a run, with the clients' numbers beside
// it.
func (s Style) CloudWatch(w io.Writer, run view.Run) error {
	b := s.newPage()
	if err := writeCloudWatch(b, run); err != nil {
		return fmt.Errorf("writing what was pulled: %w", err)
	}
	if _, err := io.WriteString(w, strings.TrimPrefix(b.String(), "\n")); err != nil {
		return fmt.Errorf("writing what was pulled: %w", err)
	}
	return nil
}

// writeCloudWatch writes the numbers of the server beside those of the
// clients, and the alarms.
func writeCloudWatch(b *page, run view.Run) error {
	r := run.CloudWatch
	if r == nil {
		return nil
	}
	b.WriteString("\nServer-side metrics (CloudWatch)\n")
	b.writeLabelled("  ", view.SourceText(r))
	if r.Error != "" {
		b.writeLabelled("  ! ", "not pulled: "+view.ShortenText(r.Error, view.Longest))
		return nil
	}
	t := table{header: view.AccountHeader, align: "lrr", rows: view.CompareAccounts(run)}
	if err := t.write(b); err != nil {
		return err
	}
	b.writeLabelled("  ", view.ShortenText(telemetry.Reconcile(run.Counts, r, view.ClientP95(run)).Why.Sentence(), view.Longest))
	if r.Percentiles != nil {
		b.writeLabelled("  ", "The clients' times are those of the measured window, the server's those of all attempts.")
	}
	for _, f := range view.LambdaFacts(r.Lambda) {
		b.writeLabelled("  ", f.Name+": "+f.Value)
	}
	for _, f := range view.AlarmFacts(r) {
		b.writeLabelled("  ", f.Name+": "+f.Value)
	}
	return nil
}
