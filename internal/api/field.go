package api

import (
	"slices"
	"strings"
)

// field is a list of places: the value is that of the first where a scalar is.
type field []place

func (f field) valueIn(values []value, r *Response) value {
	for i := range f {
		if v := f[i].valueIn(values, r); v.isScalar() {
			return v
		}
	}
	return value{}
}

// word and str are at(…).word() and at(…).str(), with a short way to a single place
// in JSON: a list asks for four of each of its records.
func (f field) word(values []value, r *Response) []byte {
	if f.isSinglePlace() {
		return values[f[0].slot].word()
	}
	v := f.valueIn(values, r)
	return v.word()
}

func (f field) str(values []value, r *Response) []byte {
	if f.isSinglePlace() {
		return values[f[0].slot].str()
	}
	v := f.valueIn(values, r)
	return v.str()
}

// isSinglePlace reports whether the value is that of one place in JSON.
func (f field) isSinglePlace() bool { return len(f) == 1 && f[0].slot >= 0 }

func (f field) readsJSON() bool { return slices.ContainsFunc(f, place.readsJSON) }

func (p place) readsJSON() bool {
	return p.slot >= 0 || p.from != nil && p.from.readsJSON() || slices.ContainsFunc(p.parts, place.readsJSON)
}

// String returns the places as the file says them.
func (f field) String() string { return f.joinSources(" | ") }

func (f field) joinSources(between string) string {
	sources := make([]string, len(f))
	for i := range f {
		sources[i] = f[i].source
	}
	return strings.Join(sources, between)
}

// setAside leaves the values of places unread where a scan is terse, unless needed
// places read them too.
func (r *reader) setAside(places, needed field) {
	for i := range places {
		slot := places[i].slot
		if slices.ContainsFunc(needed, func(p place) bool { return p.readsSlot(slot) }) {
			continue
		}
		if at := r.findNode(slot); at != nil && len(at.below) == 1 {
			at.aside = true
		}
	}
}

// readsSlot reports whether the place reads the value of a slot.
func (p place) readsSlot(slot int) bool {
	return p.slot == slot || p.from != nil && p.from.readsSlot(slot) ||
		slices.ContainsFunc(p.parts, func(p place) bool { return p.readsSlot(slot) })
}

// isOutsideJSON reports whether the place is outside of the JSON: in a header, or in the text of
// the whole body.
func (p place) isOutsideJSON() bool {
	return p.header != "" || p.text != nil || p.from != nil && p.from.isOutsideJSON() || slices.ContainsFunc(p.parts, place.isOutsideJSON)
}
