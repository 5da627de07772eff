package text

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/trend"
	"github.com/occbench/occbench/reports/view"
)

// sparkRoom is how many runs a sparkline shows.
const sparkRoom = 60

// Trend writes the runs of a folder for a terminal: what changed, the
// sparklines, then the runs, oldest first.
func (s Style) Trend(w io.Writer, r trend.Report) error {
	b := s.newPage()
	b.writeLabelled("", view.DescribeChanges(r))
	writeSparklines(b, r)
	if err := writeTrendTable(b, r); err != nil {
		return err
	}
	if others := len(r.Runs) - len(r.ListComparable()); others > 0 {
		fmt.Fprintf(b, "\nnot on this line\n")
		for _, run := range r.Runs {
			if !run.Comparable {
				b.writeLabelled(" "+view.ShortenText(run.Name, 40)+"  ",
					view.FormatVerdict(run)+" "+view.ShortenText(run.Why, view.Longest))
			}
		}
	}
	if len(r.Notes) > 0 {
		b.WriteString("\n")
	}
	for _, note := range r.Notes {
		b.writeLabelled("", view.ShortenText(note, view.Longest))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the trend as text: %w", err)
	}
	return nil
}

func writeSparklines(b *page, r trend.Report) {
	for _, m := range r.Metrics {
		low, high := view.FindRange(m.Values)
		shown := view.KeepLatest(m, sparkRoom)
		line := drawSparkline(shown)
		pad := strings.Repeat(" ", max(0, sparkRoom/2-twwidth.Width(line)))
		fmt.Fprintf(b, "\n%-14s %s%s  %s to %s\n", m.Name, line, pad, m.Unit.Write(&low), m.Unit.Write(&high))
		for _, c := range m.Changes {
			b.writeLabelled("               ", view.ChangeWords(m, c))
		}
	}
}

func writeTrendTable(b *page, r trend.Report) error {
	runs := r.ListComparable()
	if len(runs) == 0 {
		return nil
	}
	b.WriteString("\n")
	t := table{header: []string{"run", "build", "verdict", "updates"}, align: "lllr"}
	for _, g := range trend.Gates() {
		t.header, t.align = append(t.header, g.Short), t.align+"r"
	}
	for _, run := range runs {
		row := []string{view.ShortenText(run.Name, 25), view.DescribeBuild(run), view.FormatVerdict(run), amount.Count(run.Updates)}
		for _, g := range trend.Gates() {
			row = append(row, g.Unit.Write(run.Values[g.Name]))
		}
		t.rows = append(t.rows, row)
	}
	return t.writeFitting(b, 3)
}

// blocks draw a value as a height.
var blocks = []rune("▁▂▃▄▅▆▇█")

// drawSparkline returns one character per run, and a bar before each change. A
// run without the value is a dot.
func drawSparkline(m trend.Metric) string {
	low, high := view.FindRange(m.Values)
	changed := map[int]bool{}
	for _, c := range m.Changes {
		changed[c.At] = true
	}
	var b strings.Builder
	for i, v := range m.Values {
		if changed[i] {
			b.WriteRune('│')
		}
		switch {
		case v == nil:
			b.WriteRune('·')
		case high <= low:
			b.WriteRune(blocks[0])
		default:
			b.WriteRune(blocks[int(math.Round((*v-low)/(high-low)*float64(len(blocks)-1)))])
		}
	}
	return b.String()
}
