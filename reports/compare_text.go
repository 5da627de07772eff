package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

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
	t := table{header: []string{"", "base", "run", "difference", "interval", "effect", "seen from"}, align: "lrrrlrr"}
	var reasons []string
	for _, l := range lines {
		t.rows = append(t.rows, []string{lineName(l), amount(l, l.Base.Estimate), amount(l, l.Run.Estimate),
			signed(l, l.Difference), interval(l), effect(l), detectable(l)})
		if l.Reason != "" {
			reasons = append(reasons, lineName(l)+": "+l.Reason)
		}
	}
	if wide, err := t.wide(); err != nil {
		return err
	} else if wide {
		t.lastWords(5) // the number of an effect is enough where its words do not fit
	}
	if err := t.fit(b, 5); err != nil {
		return err
	}
	for _, reason := range reasons {
		hang(b, " ", short(reason, longest))
	}
	return nil
}

// fit writes the table without as many of the given columns as make it too
// wide, the first of them first.
func (t table) fit(b *strings.Builder, spare ...int) error {
	for {
		var drawn strings.Builder
		if err := t.write(&drawn); err != nil {
			return err
		}
		rule := strings.SplitN(drawn.String(), "\n", 3)[1] // as wide as the table
		if twwidth.Width(rule) <= width || len(spare) == 0 {
			b.WriteString(drawn.String())
			return nil
		}
		t, spare = t.without(spare[0]), spare[1:]
	}
}

// wide reports whether the table is wider than a report.
func (t table) wide() (bool, error) {
	var drawn strings.Builder
	err := t.write(&drawn)
	lines := strings.SplitN(drawn.String(), "\n", 3)
	return len(lines) > 1 && twwidth.Width(lines[1]) > width, err
}

// lastWords cuts the cells of a column to their last words.
func (t table) lastWords(column int) {
	for _, row := range t.rows {
		row[column] = row[column][strings.LastIndexByte(row[column], ' ')+1:]
	}
}

// without returns the table without a column.
func (t table) without(column int) table {
	cut := table{header: slices.Delete(slices.Clone(t.header), column, column+1), align: t.align[:column] + t.align[column+1:]}
	for _, row := range t.rows {
		cut.rows = append(cut.rows, slices.Delete(slices.Clone(row), column, column+1))
	}
	return cut
}
