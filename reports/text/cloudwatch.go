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
func CloudWatch(w io.Writer, run view.Run) error {
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
func textCloudWatch(b *strings.Builder, run view.Run) error {
	r := run.CloudWatch
	if r == nil {
		return nil
	}
	b.WriteString("\nThe server's own account (CloudWatch)\n")
	Hang(b, "  ", view.SourceText(r))
	if r.Error != "" {
		Hang(b, "  ! ", "not pulled: "+view.Short(r.Error, view.Longest))
		return nil
	}
	t := table{header: view.AccountHeader, align: "lrr", rows: view.Accounts(run)}
	if err := t.write(b); err != nil {
		return err
	}
	Hang(b, "  ", view.Short(telemetry.Reconcile(run.Counts, r, view.ClientP95(run)).Why.Sentence(), view.Longest))
	if r.Percentiles != nil {
		Hang(b, "  ", "The clients' times are those of the measured window, the server's those of all attempts.")
	}
	for _, f := range view.LambdaFacts(r.Lambda) {
		Hang(b, "  ", f.Name+": "+f.Value)
	}
	for _, f := range view.AlarmFacts(r) {
		Hang(b, "  ", f.Name+": "+f.Value)
	}
	return nil
}
