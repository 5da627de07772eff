package markdown

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/reports/proof"
	"github.com/occbench/occbench/reports/view"
)

// drawSequence draws the operations of a proof as a Mermaid sequence diagram, which GitHub
// and GitLab render: each call when it was sent, each answer when it came.
func drawSequence(f *check.Anomaly) string {
	type event struct {
		at   int64
		line string
	}
	var events []event
	var names []string
	for i := range f.Operations {
		e := &f.Operations[i]
		who := view.NameActor(e)
		if !slices.Contains(names, who) {
			names = append(names, who)
		}
		from := fmt.Sprintf("p%d", slices.Index(names, who))
		events = append(events, event{e.Start, from + "->>s: " + escapeMermaid(view.DescribeRequest(e))})
		if e.End >= e.Start {
			events = append(events, event{e.End, "s-->>" + from + ": " + escapeMermaid(view.DescribeAnswer(e))})
		} else {
			events = append(events, event{e.Start, "Note over " + from + ": no answer"})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	lines := []string{"sequenceDiagram"}
	for i, name := range names {
		lines = append(lines, fmt.Sprintf("  participant p%d as %s", i, escapeMermaid(name)))
	}
	lines = append(lines, "  participant s as server")
	for _, e := range events {
		lines = append(lines, "  "+e.line)
	}
	if lost := describeOverwrite(f); lost != "" {
		lines = append(lines, "  Note over s: "+escapeMermaid(lost))
	}
	return codeBlock("mermaid", lines)
}

// describeOverwrite says what happened to the record of a lost update; empty
// for other anomalies.
func describeOverwrite(f *check.Anomaly) string {
	confirmed := slices.DeleteFunc(slices.Clone(f.Operations), func(e check.Evidence) bool {
		return e.Kind != history.Update || e.Outcome != history.Applied || e.End < e.Start || e.Considered
	})
	if f.ID != check.OCC01 || len(confirmed) < 2 {
		return ""
	}
	slices.SortStableFunc(confirmed, func(a, b check.Evidence) int { return cmp.Compare(a.End, b.End) })
	var wrote []string
	for i := range confirmed {
		name := cmp.Or(proof.NameWritten(&confirmed[i]), "what "+view.NameActor(&confirmed[i])+" wrote")
		wrote = append(wrote, view.ShortenText(name, 24))
	}
	last := len(wrote) - 1
	return wrote[last] + " stays, overwritten: " + strings.Join(wrote[:last], ", ")
}

// escapeMermaid returns a text that Mermaid shows as it is: characters of
// Mermaid's syntax become entity codes.
func escapeMermaid(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(" _.-()…", r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}
