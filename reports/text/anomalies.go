package text

import (
	"fmt"
	"io"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/reports/view"
)

// Anomalies writes what the checker decided about a history: the verdict in the
// first line, then each broken invariant with the clearest case of it.
func (s Style) Anomalies(w io.Writer, r check.Report, words noun.Words) error {
	b := s.newPage()
	writeVerdict(b, &r, words)
	for _, f := range view.ListShown(&r) {
		b.WriteString("\n")
		writeAnomaly(b, &f, words)
	}
	for _, line := range view.ListDoubts(&r, words) {
		b.WriteString("\n")
		b.writeLabelled("", line)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the anomalies as text: %w", err)
	}
	return nil
}

func writeVerdict(b *page, r *check.Report, words noun.Words) {
	of := fmt.Sprintf(
		"%s, %s, %s",
		amount.Plural(int(r.Operations), "operation", "operations"),
		words.CountUpdates(int(r.Updates)),
		words.CountRecords(r.Records),
	)
	switch {
	case !r.Judged:
		b.writeLabelled(string(gate.Inconclusive)+"  ", "the history cannot be judged ("+of+")")
		for _, why := range r.Why {
			b.writeLabelled("  - ", view.ShortenText(why, view.Longest))
		}
	case len(r.Anomalies) == 0:
		b.writeLabelled(string(gate.Pass)+"  ", "no anomaly ("+of+")")
	default:
		b.writeLabelled(string(gate.Fail)+"  ", amount.Plural(len(r.Anomalies), "invariant is broken", "invariants are broken")+" ("+of+")")
	}
	if !r.Judged && len(r.Withheld) > 0 {
		b.writeLabelled("  ! ", "what follows cannot be healed by what is missing, but it is not a verdict")
	}
}

func writeAnomaly(b *page, f *check.Anomaly, words noun.Words) {
	b.writeLabelled(f.ID.String()+"  ", view.AnomalyTitle(f, words))
	if f.Sentence != "" {
		b.writeLabelled("  ", view.ShortenText(f.Sentence, view.Longest))
	}
	b.writeLanes(f)
	if by := FormatReplay(view.Run{}, f, b.columns-4); len(by) > 0 {
		b.WriteString("  by hand:\n")
		b.writeIndented(by)
	}
	b.writeLabelled("  fix: ", f.Fix)
}
