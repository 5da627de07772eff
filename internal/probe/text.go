package probe

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/occbench/occbench/internal/client"
)

// WriteText draws the result for a terminal: one aligned line per
// question, what differs explained below it, and the verdict at the end.
func (r *Result) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  API %s, %ss tagged %s%s\n", r.Target, r.API, r.Record, client.TagWord(r.Tag), r.nameDay())
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
	if r.ReadMS > 0 {
		facts = append(facts, fmt.Sprintf("read %.1f ms", r.ReadMS))
	}
	if r.UpdateMS > 0 {
		facts = append(facts, fmt.Sprintf("update %.1f ms", r.UpdateMS))
	}
	return strings.Join(facts, " · ")
}

var marksOf = map[State]string{OK: "ok", Noted: "NOTE", Differs: "DIFFERS", Unasked: "not asked"}

func (l *Line) write(b *strings.Builder, width int) {
	fmt.Fprintf(b, "%-9s  %-*s  %s\n", marksOf[l.State], width, l.Name, l.headline())
	if l.State != Differs && l.State != Noted {
		return
	}
	indent := strings.Repeat(" ", 9+2+width+2)
	for _, row := range [][2]string{{"expected", l.Expected}, {"asked", l.Asked}, {"answered", l.Answered.String()}, {"matters", l.Why}} {
		if row[1] != "" {
			fmt.Fprintf(b, "%s%-8s  %s\n", indent, row[0], row[1])
		}
	}
}

// headline returns the first sentence of a line: what holds, or what does not.
func (l *Line) headline() string {
	switch {
	case l.State == OK:
		return l.Expected
	case l.Severity == Broken || l.Severity == Fatal:
		return fmt.Sprintf("%s (%s)", l.Detail, l.Severity)
	}
	return l.Detail
}

// nameDay names the day of the records, where there are days.
func (r *Result) nameDay() string {
	if r.Date == "" {
		return ""
	}
	return " on " + r.Date
}
