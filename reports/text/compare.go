package text

import (
	"fmt"
	"io"

	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/reports/view"
)

// Comparison writes a comparison for a terminal: the verdict, then the lines by
// verdict, the worst first.
func (s Style) Comparison(w io.Writer, r compare.Report) error {
	b := s.newPage()
	indent := ""
	for _, line := range view.ExplainForced(r) {
		b.writeLabelled(indent, line)
		indent = "  "
	}
	if r.IsForced() {
		b.WriteString("\n")
	}
	d := view.DecideComparison(r)
	b.writeLabelled(d.Word+"  ", d.Sentence)
	b.WriteString("\n")
	for _, s := range []struct {
		label string
		of    compare.Subject
	}{{"base  ", r.Base}, {"run   ", r.Run}} {
		b.writeLabelled(s.label, view.ShortenText(s.of.Directory, view.Longest))
		b.writeLabelled("      ", view.SubjectWords(s.of, r.Words))
	}
	for _, v := range view.VerdictOrder {
		if err := compareTable(b, r, v); err != nil {
			return err
		}
	}
	b.WriteString("\n")
	for _, note := range append(append([]string{}, view.ExplainRules(r)...), r.Notes...) {
		b.writeLabelled("", view.ShortenText(note, view.Longest))
	}
	if text := view.DescribeLimit(r); text != "" {
		b.WriteString("\n")
		b.writeLabelled("", text)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the comparison as text: %w", err)
	}
	return nil
}

// compareTable writes the lines with one verdict.
func compareTable(b *page, r compare.Report, v compare.Verdict) error {
	lines := view.SelectLines(r, v)
	if len(lines) == 0 {
		return nil
	}
	fmt.Fprintf(b, "\n%s\n", v)
	if v == compare.NoData {
		for _, l := range lines {
			b.writeLabelled(" "+view.LineName(l, r.Words)+": ", view.ShortenText(l.Reason, view.Longest))
		}
		return nil
	}
	t := changeTable(lines, r.Words, view.FormatEffect)
	if _, columns, err := t.draw(); err != nil {
		return err
	} else if columns > b.columns {
		t = changeTable(lines, r.Words, view.EffectSize)
	}
	if err := t.writeFitting(b, 5); err != nil {
		return err
	}
	for _, l := range lines {
		if l.Reason != "" {
			b.writeLabelled(" ", view.ShortenText(view.LineName(l, r.Words)+": "+l.Reason, view.Longest))
		}
	}
	return nil
}

func changeTable(lines []compare.Line, w noun.Words, effect func(compare.Line) string) table {
	t := table{header: []string{"", "base", "run", "difference", "interval", "effect", "seen from"}, align: "lrrrlrr"}
	for _, l := range lines {
		t.rows = append(t.rows, []string{view.LineName(l, w), l.Unit.Write(l.Base.Estimate), l.Unit.Write(l.Run.Estimate),
			l.Unit.FormatSigned(l.Difference), view.FormatInterval(l), effect(l), view.FormatDetectable(l)})
	}
	return t
}
