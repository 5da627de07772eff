package conformance

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/check"
)

// formatProof returns the proofs of some anomalies as a block of Markdown: what was
// found, and the operations that show it, with their times in ms since the first.
func formatProof(r *check.Report, ids []check.ID) string {
	var b strings.Builder
	for i := range r.Anomalies {
		a := &r.Anomalies[i]
		if !slices.Contains(ids, a.ID) {
			continue
		}
		fmt.Fprintf(&b, "    %s %s, %d times: %s\n", a.ID, a.Title, a.Count, a.Sentence)
		for i := range a.Operations {
			fmt.Fprintf(&b, "        %s\n", formatOperation(&a.Operations[i], a.Operations[0].Start))
		}
	}
	return b.String()
}

// formatOperation returns an operation as one line.
func formatOperation(o *check.Evidence, since int64) string {
	words := []string{fmt.Sprintf("%6.1f to %6.1f", toMilliseconds(o.Start-since), toMilliseconds(o.End-since)),
		fmt.Sprintf("operator %-3d", o.Operator)}
	if o.ExpectedText != "" {
		words = append(words, fmt.Sprintf("%s from %s: HTTP %d", o.Kind, o.ExpectedText, o.HTTP))
	} else {
		words = append(words, fmt.Sprintf("%s: HTTP %d", o.Kind, o.HTTP))
	}
	if o.TokenText != "" {
		words = append(words, "token "+o.TokenText)
	}
	return strings.Join(append(words, "content "+cmp.Or(o.Marker, "unknown")), "  ")
}

func toMilliseconds(ns int64) float64 { return float64(ns) / 1e6 }
