package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/trend"
)

// sparkRoom is how many runs a sparkline shows.
const sparkRoom = 60

// TrendText writes the runs of a folder for a terminal: what changed, the
// sparklines, then the runs, oldest first.
func TrendText(w io.Writer, r trend.Report) error {
	var b strings.Builder
	hang(&b, "", turning(r))
	sparklines(&b, r)
	if err := trendTable(&b, r); err != nil {
		return err
	}
	if others := len(r.Runs) - len(r.Comparable()); others > 0 {
		fmt.Fprintf(&b, "\nnot on this line\n")
		for _, run := range r.Runs {
			if !run.Comparable {
				hang(&b, " "+short(run.Name, 40)+"  ", judgement(run)+" "+short(run.Why, longest))
			}
		}
	}
	if len(r.Notes) > 0 {
		b.WriteString("\n")
	}
	for _, note := range r.Notes {
		hang(&b, "", short(note, longest))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the trend as text: %w", err)
	}
	return nil
}

func sparklines(b *strings.Builder, r trend.Report) {
	for _, m := range r.Metrics {
		low, high := ends(m.Values)
		shown := latest(m, sparkRoom)
		line := sparkline(shown)
		pad := strings.Repeat(" ", max(0, sparkRoom/2-twwidth.Width(line)))
		fmt.Fprintf(b, "\n%-14s %s%s  %s to %s\n", m.Name, line, pad, m.Unit.Write(&low), m.Unit.Write(&high))
		for _, c := range m.Changes {
			hang(b, "               ", changeWords(m, c))
		}
	}
}

func trendTable(b *strings.Builder, r trend.Report) error {
	runs := r.Comparable()
	if len(runs) == 0 {
		return nil
	}
	b.WriteString("\n")
	t := table{header: []string{"run", "build", "verdict", "moves"}, align: "lllr"}
	for _, g := range trend.Gates() {
		t.header, t.align = append(t.header, g.Short), t.align+"r"
	}
	for _, run := range runs {
		row := []string{short(run.Name, 25), builds(run), judgement(run), amount.Count(run.Moves)}
		for _, g := range trend.Gates() {
			row = append(row, g.Unit.Write(run.Values[g.Name]))
		}
		t.rows = append(t.rows, row)
	}
	return t.fit(b, 3)
}
