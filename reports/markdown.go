package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/reason"
)

// Markdown writes a report for a pull request or GitHub's step summary: the
// verdict first, a table of at most 12 rows, the rest folded. It stays far below
// the 1 MiB that GitHub shows.
func Markdown(w io.Writer, run Run) error {
	var b strings.Builder
	d := decide(run)
	fmt.Fprintf(&b, "## %s %s\n\n%s\n", mark(run.Verdict.Verdict), md(headline(d.Word, run.Verdict)), md(d.Sentence))
	if about := tested(run); about != "" {
		fmt.Fprintf(&b, "\n%s\n", md(about))
	}
	for _, line := range powerLines(run) {
		fmt.Fprintf(&b, "\n%s\n", md(line))
	}
	for _, line := range append(Caveats(run), shortAll(most(run.Notes))...) {
		fmt.Fprintf(&b, "\n> %s\n", md(line))
	}
	mdGates(&b, run)
	mdList(&b, "Not tested", untested(run))
	mdSince(&b, run)
	mdProofs(&b, run)
	mdFolded(&b, "Moves by outcome, and how long they took", mdMoves(run))
	mdFolded(&b, "In the browser", mdBrowsers(run))
	mdFolded(&b, "Can this run be believed?", mdValidity(run))
	mdFolded(&b, "The server's own account (CloudWatch)", mdFacts(cloudWatchFacts(run)))
	mdFolded(&b, "Contention and configuration", mdFacts(contention(run)))
	mdFolded(&b, "Provenance", mdFacts(provenance(run)))
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the report as Markdown: %w", err)
	}
	return nil
}

// mostNotes bounds a list whose length is not ours.
const mostNotes = 20

func most(lines []string) []string {
	if len(lines) <= mostNotes {
		return lines
	}
	return append(append([]string{}, lines[:mostNotes]...), fmt.Sprintf("and %s more", amount.Count(len(lines)-mostNotes)))
}

func mark(r gate.Result) string {
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

func mdGates(b *strings.Builder, run Run) {
	gates := run.Verdict.Gates
	if len(gates) == 0 {
		mdList(b, "Reasons", shortAll(most(reason.Lines(run.Verdict.Reasons))))
		return
	}
	b.WriteString("\n| | gate | seen | lower | upper | n | limit |\n|---|---|--:|--:|--:|--:|--:|\n")
	for _, g := range gates[:min(len(gates), mdRows)] {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s |\n", mark(g.Verdict)+" "+md(string(g.Verdict)), code(g.Name),
			g.Write(g.Estimate), g.Write(g.Lower), g.Write(g.Upper), samples(g), md(g.LimitText()))
	}
	fmt.Fprintf(b, "\nBounds are one-sided, %s sure.\n", amount.Percent(run.Verdict.Confidence))
	if run.Verdict.Verdict != gate.Pass {
		mdList(b, "Reasons", shortAll(most(reason.Lines(run.Verdict.Reasons))))
	}
}

func mdList(b *strings.Builder, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(b, "\n**%s**\n\n", title)
	for _, line := range lines {
		fmt.Fprintf(b, "- %s\n", md(line))
	}
}

func mdFolded(b *strings.Builder, title, content string) {
	if content != "" {
		fmt.Fprintf(b, "\n<details><summary>%s</summary>\n\n%s\n</details>\n", title, content)
	}
}

// mdProofs shows the gravest finding open and the others folded.
func mdProofs(b *strings.Builder, run Run) {
	found := anomalies(run)
	grave := gravest(found, run.Verdict)
	for i := range found[:min(len(found), mostNotes)] {
		f := &found[i]
		title := f.ID.String() + " " + findingTitle(f)
		if f == grave {
			fmt.Fprintf(b, "\n### Proof: %s\n\n%s", md(title), mdProof(run, f))
			continue
		}
		mdFolded(b, md(title), mdProof(run, f))
	}
}

func mdProof(run Run, f *check.Anomaly) string {
	var b, lanes strings.Builder
	if f.Sentence != "" {
		b.WriteString(md(short(f.Sentence, longest)) + "\n\n")
	}
	if len(f.Operations) > 0 {
		lanesText(&lanes, f)
		b.WriteString(codeBlock("text", strings.Split(strings.TrimRight(lanes.String(), "\n"), "\n")))
		b.WriteString("\nBy hand:\n\n" + codeBlock("sh", replay(run, f, width)))
	}
	fmt.Fprintf(&b, "\nTo fix it: %s\n", md(f.Fix))
	return b.String()
}

func mdMoves(run Run) string {
	n := run.Numbers
	if n == nil || n.Attempts == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| | count | share | p50 | p90 | p95 | p99 | max |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
	row := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	for _, o := range history.Outcomes() {
		if n.Outcomes[o] > 0 {
			row(latencies(code(o.String()), amount.Share(n.Outcomes[o], n.Attempts), n.ByOutcome[o]))
		}
	}
	row(latencies("all moves", amount.Share(n.Attempts, n.Attempts), n.Latency.Latency))
	if n.Response != nil {
		row(latencies("response time", "", *n.Response))
	}
	row(latencies("board reads", "", n.Reads.Latency))
	return b.String()
}

func mdValidity(run Run) string {
	var b strings.Builder
	b.WriteString("| | | |\n|---|---|---|\n")
	for _, v := range validities(run) {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", v.State, md(v.What), md(v.Words))
	}
	return b.String()
}

func mdFacts(facts []fact) string {
	if len(facts) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| | |\n|---|---|\n")
	for _, f := range facts {
		fmt.Fprintf(&b, "| %s | %s |\n", md(f.Name), code(f.Value))
	}
	return b.String()
}
