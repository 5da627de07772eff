package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/occbench/occbench/internal/compare"
)

// CompareText writes a comparison for a terminal: the verdict, then the lines by
// verdict, the worst first.
func CompareText(w io.Writer, r compare.Report) error {
	var b strings.Builder
	indent := ""
	for _, line := range forced(r) {
		hang(&b, indent, line)
		indent = "  "
	}
	if r.Forced() {
		b.WriteString("\n")
	}
	d := comparison(r)
	hang(&b, d.Word+"  ", d.Sentence)
	b.WriteString("\n")
	for _, s := range []struct {
		label string
		of    compare.Subject
	}{{"base  ", r.Base}, {"run   ", r.Run}} {
		hang(&b, s.label, short(s.of.Directory, longest))
		hang(&b, "      ", subjectWords(s.of))
	}
	for _, v := range verdictOrder {
		if err := compareTable(&b, r, v); err != nil {
			return err
		}
	}
	b.WriteString("\n")
	for _, note := range append(append([]string{}, rules(r)...), r.Notes...) {
		hang(&b, "", short(note, longest))
	}
	if text := overLimit(r); text != "" {
		b.WriteString("\n")
		hang(&b, "", text)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the comparison as text: %w", err)
	}
	return nil
}

// compareTable writes the lines with one verdict.
func compareTable(b *strings.Builder, r compare.Report, v compare.Verdict) error {
	lines := linesOf(r, v)
	if len(lines) == 0 {
		return nil
	}
	fmt.Fprintf(b, "\n%s\n", v)
	if v == compare.NoData {
		for _, l := range lines {
			hang(b, " "+lineName(l)+": ", short(l.Reason, longest))
		}
		return nil
	}
	t := changeTable(lines, effect)
	if _, columns, err := t.draw(); err != nil {
		return err
	} else if columns > width {
		t = changeTable(lines, effectSize)
	}
	if err := t.fit(b, 5); err != nil {
		return err
	}
	for _, l := range lines {
		if l.Reason != "" {
			hang(b, " ", short(lineName(l)+": "+l.Reason, longest))
		}
	}
	return nil
}

func changeTable(lines []compare.Line, effect func(compare.Line) string) table {
	t := table{header: []string{"", "base", "run", "difference", "interval", "effect", "seen from"}, align: "lrrrlrr"}
	for _, l := range lines {
		t.rows = append(t.rows, []string{lineName(l), l.Unit.Write(l.Base.Estimate), l.Unit.Write(l.Run.Estimate),
			l.Unit.Signed(l.Difference), interval(l), effect(l), detectable(l)})
	}
	return t
}
