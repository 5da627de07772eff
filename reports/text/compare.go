package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/reports/view"
)

// Comparison writes a comparison for a terminal: the verdict, then the lines by
// verdict, the worst first.
func Comparison(w io.Writer, r compare.Report) error {
	var b strings.Builder
	indent := ""
	for _, line := range view.Forced(r) {
		Hang(&b, indent, line)
		indent = "  "
	}
	if r.Forced() {
		b.WriteString("\n")
	}
	d := view.Comparison(r)
	Hang(&b, d.Word+"  ", d.Sentence)
	b.WriteString("\n")
	for _, s := range []struct {
		label string
		of    compare.Subject
	}{{"base  ", r.Base}, {"run   ", r.Run}} {
		Hang(&b, s.label, view.Short(s.of.Directory, view.Longest))
		Hang(&b, "      ", view.SubjectWords(s.of))
	}
	for _, v := range view.VerdictOrder {
		if err := compareTable(&b, r, v); err != nil {
			return err
		}
	}
	b.WriteString("\n")
	for _, note := range append(append([]string{}, view.Rules(r)...), r.Notes...) {
		Hang(&b, "", view.Short(note, view.Longest))
	}
	if text := view.OverLimit(r); text != "" {
		b.WriteString("\n")
		Hang(&b, "", text)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the comparison as text: %w", err)
	}
	return nil
}

// compareTable writes the lines with one verdict.
func compareTable(b *strings.Builder, r compare.Report, v compare.Verdict) error {
	lines := view.LinesOf(r, v)
	if len(lines) == 0 {
		return nil
	}
	fmt.Fprintf(b, "\n%s\n", v)
	if v == compare.NoData {
		for _, l := range lines {
			Hang(b, " "+view.LineName(l)+": ", view.Short(l.Reason, view.Longest))
		}
		return nil
	}
	t := changeTable(lines, view.Effect)
	if _, columns, err := t.draw(); err != nil {
		return err
	} else if columns > Width {
		t = changeTable(lines, view.EffectSize)
	}
	if err := t.fit(b, 5); err != nil {
		return err
	}
	for _, l := range lines {
		if l.Reason != "" {
			Hang(b, " ", view.Short(view.LineName(l)+": "+l.Reason, view.Longest))
		}
	}
	return nil
}

func changeTable(lines []compare.Line, effect func(compare.Line) string) table {
	t := table{header: []string{"", "base", "run", "difference", "interval", "effect", "seen from"}, align: "lrrrlrr"}
	for _, l := range lines {
		t.rows = append(t.rows, []string{view.LineName(l), l.Unit.Write(l.Base.Estimate), l.Unit.Write(l.Run.Estimate),
			l.Unit.Signed(l.Difference), view.Interval(l), effect(l), view.Detectable(l)})
	}
	return t
}
