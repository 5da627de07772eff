// Package markdown writes reports for pull requests: the verdict first, a table of
// at most 12 rows, the rest folded, and no text from a target as markup.
package markdown

import (
	"fmt"
	"io"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/reports/text"
	"github.com/occbench/occbench/reports/view"
)

// Report writes a report for a pull request or GitHub's step summary: the
// verdict first, a table of at most 12 rows, the rest folded. It stays far below
// the 1 MiB that GitHub shows.
func Report(w io.Writer, run view.Run) error {
	var b strings.Builder
	d := view.Decide(run)
	fmt.Fprintf(&b, "## %s %s\n\n%s\n",
		markResult(run.Verdict.Verdict), escapeText(view.Headline(d.Word, run.Verdict)), escapeText(d.Sentence))
	if about := view.DescribeTested(run); about != "" {
		fmt.Fprintf(&b, "\n%s\n", escapeText(about))
	}
	for _, line := range view.PowerLines(run) {
		fmt.Fprintf(&b, "\n%s\n", escapeText(line))
	}
	for _, line := range append(view.Caveats(run), view.ShortenAll(view.LimitLines(run.Notes))...) {
		fmt.Fprintf(&b, "\n> %s\n", escapeText(line))
	}
	if command := view.BuildDecidingCommand(run); command != "" {
		b.WriteString("\nThis decides it:\n\n" + codeBlock("sh", []string{command}))
	}
	writeGates(&b, run)
	writeList(&b, "Not tested", view.ListUntested(run))
	writeSince(&b, run)
	writeProofs(&b, run)
	writeFolded(&b, reason.Capitalize(run.Words.Updates())+" by outcome, and how long they took", formatOutcomes(run))
	writeFolded(&b, "In the browser", formatBrowsers(run))
	writeFolded(&b, "Generators", formatGenerators(run))
	writeFolded(&b, "Can this run be believed?", formatValidity(run))
	writeFolded(&b, "Server-side metrics (CloudWatch)", formatFacts(view.CloudWatchFacts(run)))
	writeFolded(&b, "Contention and configuration", formatFacts(view.ListContention(run)))
	writeFolded(&b, "Provenance", formatFacts(view.ListProvenance(run)))
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the report as Markdown: %w", err)
	}
	return nil
}

func markResult(r gate.Result) string {
	switch r {
	case gate.Pass:
		return "✅"
	case gate.Fail:
		return "❌"
	}
	return "❔"
}

// mdRows is how many rows the table has at most.
const mdRows = 12

func writeGates(b *strings.Builder, run view.Run) {
	gates := run.Verdict.Gates
	if len(gates) == 0 {
		writeList(b, "Reasons", view.ShortenAll(view.LimitLines(reason.Lines(run.Verdict.Reasons))))
		return
	}
	b.WriteString("\n| | gate | seen | lower | upper | n | limit |\n|---|---|--:|--:|--:|--:|--:|\n")
	for _, g := range view.SortFailingFirst(gates)[:min(len(gates), mdRows)] {
		fmt.Fprintf(b, "| %s %s | %s %s | %s | %s | %s | %s | %s |\n",
			markResult(g.Verdict), escapeText(string(g.Verdict)), escapeText(gate.RuleOf(g.Name).Title), formatCode(g.Name),
			g.Write(g.Estimate), g.Write(g.Lower), g.Write(g.Upper), view.FormatSamples(g), escapeText(g.LimitText()))
	}
	fmt.Fprintf(b, "\nBounds are one-sided, %s sure.\n", amount.Percent(run.Verdict.Confidence))
	if run.Verdict.Verdict != gate.Pass {
		writeList(b, "Reasons", view.ShortenAll(view.LimitLines(titleReasons(run.Verdict.Reasons))))
	}
}

// titleReasons returns reasons as lines, each under the title of its gate.
func titleReasons(reasons []reason.Reason) []string {
	var lines []string
	for _, r := range reasons {
		line := r.String()
		if r.Gate != "" {
			line = gate.RuleOf(r.Gate).Title + ": " + line
		}
		lines = append(lines, line)
	}
	return lines
}

func writeList(b *strings.Builder, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(b, "\n**%s**\n\n", title)
	for _, line := range lines {
		fmt.Fprintf(b, "- %s\n", escapeText(line))
	}
}

func writeFolded(b *strings.Builder, title, content string) {
	if content != "" {
		fmt.Fprintf(b, "\n<details><summary>%s</summary>\n\n%s\n</details>\n", title, content)
	}
}

// writeProofs writes the gravest anomaly open and the others folded.
func writeProofs(b *strings.Builder, run view.Run) {
	found := view.Anomalies(run)
	grave := view.FindGravest(found, run.Verdict)
	for i := range found[:min(len(found), view.MostNotes)] {
		f := &found[i]
		title := f.ID.String() + " " + view.AnomalyTitle(f, run.Words)
		if f == grave {
			fmt.Fprintf(b, "\n### Proof: %s\n\n%s", escapeText(title), formatProof(run, f))
			continue
		}
		writeFolded(b, escapeText(title), formatProof(run, f))
	}
}

func formatProof(run view.Run, f *check.Anomaly) string {
	var b strings.Builder
	if f.Sentence != "" {
		b.WriteString(escapeText(view.ShortenText(f.Sentence, view.Longest)) + "\n\n")
	}
	if len(f.Operations) > 0 {
		b.WriteString(drawSequence(f) + "\n" + codeBlock("text", text.DrawLanes(f)))
		b.WriteString("\nBy hand:\n\n" + codeBlock("sh", text.FormatReplay(run, f, text.Width)))
	}
	fmt.Fprintf(&b, "\nTo fix it: %s\n", escapeText(f.Fix))
	return b.String()
}

func formatOutcomes(run view.Run) string {
	n := run.Numbers
	if n == nil || n.Attempts == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| | count | share | p50 | p90 | p95 | p99 | max |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, c := range view.ListClasses(run) {
		if c.Outcome {
			c.Name = formatCode(c.Name)
		}
		b.WriteString("| " + strings.Join(c.Cells(), " | ") + " |\n")
	}
	return b.String()
}

func formatValidity(run view.Run) string {
	var b strings.Builder
	b.WriteString("| | | |\n|---|---|---|\n")
	for _, v := range view.ListValidities(run) {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", v.State, escapeText(v.What), escapeText(v.Words))
	}
	return b.String()
}

// formatGenerators returns a table with a row for each generator.
func formatGenerators(run view.Run) string {
	rows := view.GeneratorRows(run)
	if len(rows) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| " + strings.Join(view.GeneratorColumns(run), " | ") + " |\n|---|---|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, row := range rows {
		for i := range row {
			row[i] = escapeText(row[i])
		}
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
	for _, note := range view.GeneratorNotes(run) {
		fmt.Fprintf(&b, "\n%s\n", escapeText(note))
	}
	return b.String()
}

func formatFacts(facts []view.Fact) string {
	if len(facts) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| | |\n|---|---|\n")
	for _, f := range facts {
		fmt.Fprintf(&b, "| %s | %s |\n", escapeText(f.Name), formatCode(f.Value))
	}
	return b.String()
}

// formatBrowsers returns what users of browsers experienced. A comment on a
// pull request cannot hold screenshots, so it names their files.
func formatBrowsers(run view.Run) string {
	text := formatFacts(view.ListBrowserFacts(run))
	if text == "" || len(run.Screens) == 0 {
		return text
	}
	var names []string
	for _, path := range view.ScreenPaths(run) {
		names = append(names, formatCode(path))
	}
	return text + fmt.Sprintf("\nThe first conflict on the screen: %s\n", strings.Join(names, ", "))
}

// writeSince writes what changed since the last comparable run, and how to
// roll back.
func writeSince(b *strings.Builder, run view.Run) {
	if word, sentence := view.SinceWords(run); word != "" {
		fmt.Fprintf(b, "\n**What changed: %s.** %s\n", escapeText(word), escapeText(sentence))
		for i, line := range view.SinceLines(run) {
			if i == 0 {
				b.WriteString("\n")
			}
			fmt.Fprintf(b, "- %s\n", escapeText(line))
		}
	}
	if command, sentence := view.DescribeRollback(run); command != "" {
		fmt.Fprintf(b, "\n**Rollback:** %s %s\n", formatCode(command), escapeText(sentence))
	}
}
