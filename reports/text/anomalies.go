package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/reports/view"
)

// Anomalies writes what the checker decided about a history: the verdict in the
// first line, then each broken invariant with the clearest case of it.
func Anomalies(w io.Writer, r check.Report) error {
	var b strings.Builder
	writeVerdict(&b, &r)
	for _, f := range view.Shown(&r) {
		b.WriteString("\n")
		writeAnomaly(&b, &f)
	}
	for _, line := range view.Doubtful(&r) {
		b.WriteString("\n")
		Hang(&b, "", line)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the anomalies as text: %w", err)
	}
	return nil
}

func writeVerdict(b *strings.Builder, r *check.Report) {
	of := fmt.Sprintf(
		"%s, %s, %s",
		amount.Plural(int(r.Operations), "operation", "operations"),
		amount.Plural(int(r.Updates), "move", "moves"),
		amount.Plural(r.Records, "card", "cards"),
	)
	switch {
	case !r.Judged:
		Hang(b, string(gate.Inconclusive)+"  ", "the history cannot be judged ("+of+")")
		for _, why := range r.Why {
			Hang(b, "  - ", view.Short(why, view.Longest))
		}
	case len(r.Anomalies) == 0:
		Hang(b, string(gate.Pass)+"  ", "no anomaly ("+of+")")
	default:
		Hang(b, string(gate.Fail)+"  ", amount.Plural(len(r.Anomalies), "invariant is broken", "invariants are broken")+" ("+of+")")
	}
	if !r.Judged && len(r.Withheld) > 0 {
		Hang(b, "  ! ", "what follows cannot be healed by what is missing, but it is not a verdict")
	}
}

func writeAnomaly(b *strings.Builder, f *check.Anomaly) {
	Hang(b, f.ID.String()+"  ", view.AnomalyTitle(f))
	if f.Sentence != "" {
		Hang(b, "  ", view.Short(f.Sentence, view.Longest))
	}
	LanesText(b, f)
	if by := Replay(view.Run{}, f, Width-4); len(by) > 0 {
		b.WriteString("  by hand:\n")
		Indented(b, by)
	}
	Hang(b, "  fix: ", view.Clean(f.Fix))
}
