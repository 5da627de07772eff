package evidence

import (
	"reflect"
	"strings"
	"unicode"
)

// cleanText cleans every text of the evidence: much of it comes from the target,
// which must not move a terminal's cursor, end a line of a report or turn the
// direction of what follows. Escaping for a medium, HTML for example, stays with
// the medium.
func (e *Evidence) cleanText() { cleanValue(reflect.ValueOf(e).Elem()) }

// CleanText returns a text on one line: without control characters, without marks
// that change the direction, and in valid UTF-8.
func CleanText(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return unicode.ReplacementChar
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
}

// cleanValue cleans the texts of a value, of what it points to and of what it
// holds. Unexported fields are the affair of their package.
func cleanValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() {
			v.SetString(CleanText(v.String()))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			cleanValue(v.Elem())
		}
	case reflect.Interface:
		if !v.IsNil() && v.CanSet() {
			held := reflect.New(v.Elem().Type()).Elem()
			held.Set(v.Elem())
			cleanValue(held)
			v.Set(held)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				cleanValue(v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		if !holdsText(v.Type().Elem()) {
			return
		}
		for i := range v.Len() {
			cleanValue(v.Index(i))
		}
	case reflect.Map:
		cleanMap(v)
	}
}

// cleanMap cleans the keys and values of a map, which cannot be changed in place.
func cleanMap(m reflect.Value) {
	if m.IsNil() || !holdsText(m.Type().Key()) && !holdsText(m.Type().Elem()) {
		return
	}
	cleaned := reflect.MakeMapWithSize(m.Type(), m.Len())
	for _, key := range m.MapKeys() {
		k, v := reflect.New(m.Type().Key()).Elem(), reflect.New(m.Type().Elem()).Elem()
		k.Set(key)
		v.Set(m.MapIndex(key))
		cleanValue(k)
		cleanValue(v)
		cleaned.SetMapIndex(k, v)
	}
	if m.CanSet() {
		m.Set(cleaned)
	}
}

// holdsText reports whether values of a type may hold a text: numbers, of which
// there are many, need no look.
func holdsText(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Pointer, reflect.Interface, reflect.Struct, reflect.Slice, reflect.Array, reflect.Map:
		return true
	}
	return false
}
