package probe

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/occbench/occbench/internal/client"
)

// WriteText draws the result for a terminal: one aligned line per row of the
// contract, what differs explained below it, and the verdict at the end.
func (r *Result) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  board of %s, cards tagged %s\n", r.Target, orWord(r.Date, "today"), client.TagWord(r.Tag))
	if facts := r.facts(); facts != "" {
		fmt.Fprintf(&b, "%s\n", facts)
	}
	b.WriteByte('\n')
	width := 0
	for _, l := range r.Lines {
		width = max(width, utf8.RuneCountInString(l.Name))
	}
	said := ""
	for _, l := range r.Lines {
		if l.State == Unasked && l.Detail == said {
			l.Detail = "(the same)"
		} else if l.State == Unasked {
			said = l.Detail
		}
		l.write(&b, width)
	}
	for _, warning := range r.Warnings {
		fmt.Fprintf(&b, "\nwarning: %s\n", warning)
	}
	fmt.Fprintf(&b, "\n%s\n", r.Summary())
	_, err := io.WriteString(w, b.String())
	return err
}

// facts is the line about what answered.
func (r *Result) facts() string {
	var facts []string
	add := func(format, value string) {
		if value != "" {
			facts = append(facts, fmt.Sprintf(format, value))
		}
	}
	add("build %s", r.Build)
	add("service %s", r.Service)
	add("store %s", r.Store)
	if r.BoardMS > 0 {
		facts = append(facts, fmt.Sprintf("board %.1f ms", r.BoardMS))
	}
	if r.MoveMS > 0 {
		facts = append(facts, fmt.Sprintf("move %.1f ms", r.MoveMS))
	}
	return strings.Join(facts, " · ")
}

var marksOf = map[State]string{OK: "ok", Differs: "DIFFERS", Unasked: "not asked"}

func (l *Line) write(b *strings.Builder, width int) {
	fmt.Fprintf(b, "%-9s  %-*s  %s\n", marksOf[l.State], width, l.Name, l.headline())
	if l.State != Differs {
		return
	}
	indent := strings.Repeat(" ", 9+2+width+2)
	for _, row := range [][2]string{{"expected", l.Expected}, {"asked", l.Asked}, {"answered", l.Answered.String()}, {"matters", l.Why}} {
		if row[1] != "" {
			fmt.Fprintf(b, "%s%-8s  %s\n", indent, row[0], row[1])
		}
	}
}

// headline is what a line says first: what holds, or what does not.
func (l *Line) headline() string {
	switch {
	case l.State == OK:
		return l.Expected
	case l.Severity == Broken || l.Severity == Fatal:
		return fmt.Sprintf("%s (%s)", l.Detail, l.Severity)
	}
	return l.Detail
}

// String is the answer in one line, without its excerpt when there was none.
func (a Answered) String() string {
	if a.HTTP == 0 {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("HTTP %d %s", a.HTTP, a.Excerpt))
}

func orWord(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
