package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/shell"
)

// SinceWords says in plain words what changed. The word is the answer, the sentence
// is what a person needs of it.
func SinceWords(run Run) (word, words string) {
	s := run.Since
	switch {
	case s == nil:
		return "", ""
	case s.Base == "":
		return "no comparable run", ShortenText(reason.Sentence(s.Why), Longest)
	case s.Comparison == nil:
		return "not compared", fmt.Sprintf(
			"The last comparable run is %s, but it could not be compared: %s.",
			ShortenText(s.Base, 60),
			strings.TrimRight(ShortenText(s.Why, Longest), ". "),
		)
	}
	d := DecideComparison(*s.Comparison)
	against := "Compared with " + ShortenText(s.Base, 60) + " (" + SubjectWords(s.Comparison.Base, run.Words) + "). "
	return strings.ToLower(d.Word), against + d.Sentence
}

// SinceLines are the numbers that changed, at most mostChanges of them, and as
// many notes: the page that they stand on is printed on one sheet. The command
// beside them tells all.
func SinceLines(run Run) []string {
	if run.Since == nil || run.Since.Comparison == nil {
		return nil
	}
	const mostChanges = 3
	r := *run.Since.Comparison
	var lines []string
	changed := slices.Concat(SelectLines(r, compare.Worse), SelectLines(r, compare.Better))
	for _, l := range changed[:min(len(changed), mostChanges)] {
		name := LineName(l, run.Words)
		if l.Group == compare.Gates {
			name = gate.RuleOf(l.Name).Title
		}
		text := fmt.Sprintf("%s: %s, %s after %s", reason.Capitalize(name), l.Verdict, l.Unit.Write(l.Run.Estimate),
			l.Unit.Write(l.Base.Estimate))
		if l.Lower != nil || l.Upper != nil {
			text += " (difference " + FormatInterval(l) + ")"
		}
		lines = append(lines, text)
	}
	if more := len(changed) - len(lines); more > 0 {
		lines = append(lines, "and "+amount.Plural(more, "other line", "other lines"))
	}
	notes := ShortenAll(r.Notes[:min(len(r.Notes), mostChanges)])
	if more := len(r.Notes) - len(notes); more > 0 {
		notes = append(notes, "and "+amount.Plural(more, "other note", "other notes"))
	}
	return append(lines, notes...)
}

// SinceCommand shows the whole comparison.
func SinceCommand(run Run) string {
	if run.Since == nil || run.Since.Comparison == nil {
		return ""
	}
	return "occbench compare " + shell.QuoteIfNeeded(run.Since.Comparison.Base.Directory) + " " + shell.QuoteIfNeeded(run.Directory)
}

// DescribeRollback returns the command that rolls back the tested build, if
// there is one, and a sentence about the rollback.
func DescribeRollback(run Run) (command, sentence string) {
	m := run.Manifest
	switch {
	case run.Undone:
		return "", "There is nothing to take back: the release has gone back by itself, and what was live before it is live."
	case run.Release != "":
		return "occbench rollback " + shell.QuoteIfNeeded(run.Release),
			"It puts back what was live before the last release, without a question, and checks that it is there."
	case m != nil && (m.Spec.Store != "" || m.Spec.Fault != ""):
		return "", "There is nothing to take back: this was occbench's own server."
	}
	return "", "No release file is known, so the way back is known to the people who released this build. " +
		"With “occbench release” there is one before anything changes, and “occbench rollback” takes back what it names."
}
