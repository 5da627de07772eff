package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/k6import"
	"github.com/occbench/occbench/reports/view"
)

// Import writes what a plain k6 run still shows, and what it does not.
func (s Style) Import(w io.Writer, r k6import.Result) error {
	b := s.newPage()
	b.writeLabelled(
		string(r.Verdict)+"  ",
		view.ShortenText(r.File, view.Longest)+", "+string(r.Kind)+": "+amount.Plural(r.Requests, "request", "requests"),
	)
	b.WriteString("\n")
	t := table{header: []string{"gate", "", "of", "seen", "lower", "upper", "limit"}, align: "llrrrrr"}
	for _, g := range r.Gates {
		t.rows = append(
			t.rows,
			[]string{
				g.Name,
				string(g.Verdict),
				amount.Count(g.N),
				g.Write(g.Estimate),
				g.Write(g.Lower),
				g.Write(g.Upper),
				"< " + g.Write(&g.Limit),
			},
		)
	}
	if err := t.write(b); err != nil {
		return err
	}
	for _, g := range r.Gates {
		b.writeLabelled(" "+g.Name+": ", view.ShortenText(g.Reason.String(), view.Longest))
	}
	importOutcomes(b, r)
	if len(r.Thresholds) > 0 {
		b.WriteString("\nk6's own thresholds\n")
	}
	for _, t := range r.Thresholds {
		word := "kept"
		if t.Crossed {
			word = "crossed"
		}
		b.writeLabelled(fmt.Sprintf(" %-8s ", word), view.ShortenText(t.Metric, 80)+" "+view.ShortenText(t.Expression, 80))
	}
	b.WriteString("\nwhat this file does not tell\n")
	for _, line := range r.Cannot {
		b.writeLabelled(" - ", line)
	}
	if len(r.Notes) > 0 {
		b.WriteString("\n")
	}
	for _, note := range r.Notes {
		b.writeLabelled("", view.ShortenText(note, view.Longest))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the import as text: %w", err)
	}
	return nil
}

func importOutcomes(b *page, r k6import.Result) {
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
	b.writeLabelled("updates  ", strings.Join(parts, ", ")+"; beside "+amount.Plural(r.Reads, "read", "reads"))
}

// Study writes a study for people: a row for each policy, two columns for
// each number of clients.
func (s Style) Study(w io.Writer, study view.BackoffStudy) error {
	b := s.newPage()
	what := "a simulated server, network N(10, 2) ms each way, means over many runs"
	if !study.Simulated {
		what = study.Target
	}
	b.writeLabelled("", fmt.Sprintf("Clients who all want to change one row once, against %s; base %s, limit %s", what, study.Base,
		study.Limit))
	b.WriteString("\n")
	if err := studyTable(study).write(b); err != nil {
		return fmt.Errorf("writing the study as text: %w", err)
	}
	for _, r := range study.Rows {
		if r.Done < r.Clients {
			b.writeLabelled("  ! ", r.Line())
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the study as text: %w", err)
	}
	return nil
}

// studyTable has a row for each policy and two columns for each number of clients.
func studyTable(s view.BackoffStudy) table {
	t := table{header: []string{"backoff"}, align: "l"}
	at := map[string]int{}
	clients := 0
	for _, r := range s.Rows {
		if r.Clients != clients {
			clients = r.Clients
			t.header = append(t.header, amount.Plural(clients, "client", "clients")+": calls", "ms")
			t.align += "rr"
		}
		i, ok := at[r.Policy]
		if !ok {
			i = len(t.rows)
			at[r.Policy] = i
			t.rows = append(t.rows, []string{r.Policy})
		}
		t.rows[i] = append(t.rows[i], fmt.Sprintf("%.0f", r.Calls), fmt.Sprintf("%.0f", r.TimeMS))
	}
	return t
}
