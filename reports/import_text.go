package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/k6import"
)

// ImportText writes what a plain k6 run still shows, and what it does not.
func ImportText(w io.Writer, r k6import.Result) error {
	var b strings.Builder
	hang(&b, string(r.Verdict)+"  ", short(r.File, longest)+", "+string(r.Kind)+": "+amount.Plural(r.Requests, "request", "requests"))
	b.WriteString("\n")
	t := table{header: []string{"gate", "", "of", "seen", "lower", "upper", "limit"}, align: "llrrrrr"}
	for _, g := range r.Gates {
		t.rows = append(t.rows, []string{g.Name, string(g.Verdict), amount.Count(g.N), g.Write(g.Estimate), g.Write(g.Lower), g.Write(g.Upper), "< " + g.Write(&g.Limit)})
	}
	if err := t.write(&b); err != nil {
		return err
	}
	for _, g := range r.Gates {
		hang(&b, " "+g.Name+": ", short(g.Reason.String(), longest))
	}
	importMoves(&b, r)
	if len(r.Thresholds) > 0 {
		b.WriteString("\nk6's own thresholds\n")
	}
	for _, t := range r.Thresholds {
		word := "kept"
		if t.Crossed {
			word = "crossed"
		}
		hang(&b, fmt.Sprintf(" %-8s ", word), short(t.Metric, 80)+" "+short(t.Expression, 80))
	}
	b.WriteString("\nwhat this file does not tell\n")
	for _, line := range r.Cannot {
		hang(&b, " - ", line)
	}
	if len(r.Notes) > 0 {
		b.WriteString("\n")
	}
	for _, note := range r.Notes {
		hang(&b, "", short(note, longest))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the import as text: %w", err)
	}
	return nil
}

func importMoves(b *strings.Builder, r k6import.Result) {
	total := 0
	for _, n := range r.Outcomes {
		total += n
	}
	if total == 0 {
		return
	}
	var parts []string
	for _, o := range history.Outcomes() {
		if n := r.Outcomes[o]; n > 0 {
			parts = append(parts, amount.Count(n)+" "+o.String())
		}
	}
	b.WriteString("\n")
	hang(b, "moves  ", strings.Join(parts, ", ")+"; beside "+amount.Plural(r.Reads, "read", "reads"))
}

// ImportJSON writes the same as one object.
func ImportJSON(w io.Writer, r k6import.Result) error {
	r.File, r.Notes = clean(r.File), cleanAll(r.Notes)
	thresholds := make([]k6import.Threshold, len(r.Thresholds))
	for i, t := range r.Thresholds {
		thresholds[i] = k6import.Threshold{Metric: clean(t.Metric), Expression: clean(t.Expression), Crossed: t.Crossed}
	}
	r.Thresholds = thresholds
	return encode(w, "import", r)
}
