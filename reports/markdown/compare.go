package markdown

import (
	"fmt"
	"io"
	"strings"

	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/noun"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/reports/view"
)

// Comparison writes a comparison for a pull request: the verdict, a table
// of at most 12 rows, the rest folded.
func Comparison(w io.Writer, r compare.Report) error {
	var b strings.Builder
	d := view.DecideComparison(r)
	fmt.Fprintf(&b, "## %s %s\n\n%s\n", markChange(r.Verdict), reason.Capitalize(string(r.Verdict)), escapeText(d.Sentence))
	for i, line := range view.ExplainForced(r) {
		if i == 0 {
			b.WriteString("\n> **" + escapeText(line) + "**\n")
			continue
		}
		b.WriteString("> - " + escapeText(line) + "\n")
	}
	if text := view.DescribeLimit(r); text != "" {
		fmt.Fprintf(&b, "\n%s\n", escapeText(text))
	}
	fmt.Fprintf(
		&b,
		"\n| | |\n|---|---|\n| base | %s<br>%s |\n| run | %s<br>%s |\n",
		formatCode(
			view.ShortenText(r.Base.Directory, view.Longest),
		),
		escapeText(view.SubjectWords(r.Base, r.Words)),
		formatCode(view.ShortenText(r.Run.Directory, view.Longest)),
		escapeText(view.SubjectWords(r.Run, r.Words)),
	)
	rows := compareRows(r)
	open := min(len(rows), mdRows)
	b.WriteString("\n" + compareMD(rows[:open], r.Words))
	if len(rows) > open {
		writeFolded(&b, "The other lines", compareMD(rows[open:], r.Words))
	}
	writeList(&b, "Notes", view.ShortenAll(view.LimitLines(r.Notes)))
	writeFolded(&b, "How this was decided", strings.Join(escapeAll(view.ExplainRules(r)), "\n\n"))
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the comparison as Markdown: %w", err)
	}
	return nil
}

func compareRows(r compare.Report) []compare.Line {
	var rows []compare.Line
	for _, v := range view.VerdictOrder {
		rows = append(rows, view.SelectLines(r, v)...)
	}
	return rows
}

func compareMD(lines []compare.Line, w noun.Words) string {
	var b strings.Builder
	b.WriteString("| | | base | run | difference | interval | effect | seen from |\n|---|---|--:|--:|--:|---|---|--:|\n")
	for _, l := range lines {
		cells := []string{
			markChange(l.Verdict) + " " + string(l.Verdict),
			formatCode(view.LineName(l, w)),
			l.Unit.Write(l.Base.Estimate),
			l.Unit.Write(l.Run.Estimate),
			escapeText(l.Unit.FormatSigned(l.Difference)),
			escapeText(view.FormatInterval(l)),
			escapeText(view.FormatEffect(l)),
			view.FormatDetectable(l),
		}
		if l.Reason != "" {
			cells[5] = escapeText(view.ShortenText(l.Reason, view.Longest))
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	return b.String()
}

func markChange(v compare.Verdict) string {
	switch v {
	case compare.Worse:
		return markResult(gate.Fail)
	case compare.Better:
		return markResult(gate.Pass)
	case compare.NoChange:
		return "➖"
	}
	return markResult(gate.Inconclusive)
}

func escapeAll(texts []string) []string {
	var all []string
	for _, t := range texts {
		all = append(all, escapeText(t))
	}
	return all
}
