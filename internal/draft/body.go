package draft

import (
	"slices"
	"strconv"
	"strings"
)

// body returns the JSON of a request as a template: of an update, with the token,
// the state and the marker in their places; or of a creation, which gets a marker and
// the first state. todo says which members are guesses.
func (d *draft) body(schema object, update bool) (text, todo string) {
	b := &bodyWriter{draft: d, update: update}
	text = b.object(schema, true)
	if d.marker == nil {
		b.guess("note")
		text = strings.TrimSuffix(text, "}")
		if text != "{" {
			text += ","
		}
		text += `"note":"{marker}"}`
	}
	if len(b.guesses) > 0 {
		todo = "what are " + strings.Join(b.guesses, ", ") + "?"
		if len(b.guesses) == 1 {
			todo = "what is " + b.guesses[0] + "?"
		}
	}
	return strings.ReplaceAll(text, "'", "''"), todo
}

type bodyWriter struct {
	*draft
	update  bool
	guesses []string
}

func (b *bodyWriter) guess(name string) {
	if !slices.Contains(b.guesses, name) {
		b.guesses = append(b.guesses, name)
	}
}

func (b *bodyWriter) object(o object, top bool) string {
	var all, done []string
	for i := range o {
		m := &o[i]
		value := b.value(m, top)
		if value == "" || slices.Contains(done, m.name) {
			continue
		}
		done = append(done, m.name)
		all = append(all, strconv.Quote(m.name)+":"+value)
	}
	return "{" + strings.Join(all, ",") + "}"
}

// value returns what a member is to be; empty: it is left out.
func (b *bodyWriter) value(m *member, top bool) string {
	is := func(other *member) bool { return top && other != nil && other.name == m.name }
	switch {
	case is(b.sent) && !b.update:
		return "" // a new record has no token yet
	case is(b.sent) && (m.kind == "integer" || m.kind == "number"):
		return "{token|int}"
	case is(b.sent):
		return `"{token}"`
	case is(b.marker):
		return `"{marker}"`
	case is(b.states) && b.update:
		return `"{to}"`
	case m.readOnly || !m.required:
		return ""
	case m.inside != nil:
		return b.object(m.inside, false)
	}
	return b.scalar(m)
}

func (b *bodyWriter) scalar(m *member) string {
	if len(m.enum) > 0 && m.kind != "integer" && m.kind != "number" {
		return strconv.Quote(m.enum[0])
	}
	if m.example != "" && (m.kind == "integer" || m.kind == "number" || m.kind == "boolean") {
		return m.example
	}
	if m.example != "" && m.kind == "string" {
		return strconv.Quote(m.example)
	}
	switch m.format {
	case "date":
		return `"{date}"`
	case "date-time":
		return `"{date}T09:00:00Z"`
	}
	b.guess(m.name)
	switch m.kind {
	case "integer", "number":
		return "1"
	case "boolean":
		return "false"
	case "array":
		return "[]"
	}
	return `"TODO"`
}
