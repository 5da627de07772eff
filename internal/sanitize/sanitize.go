// Package sanitize makes texts of others safe to show. Much of a report comes from the
// target, which must not move a terminal's cursor, end a line of the report or turn the
// direction of what follows. Escaping for a medium, HTML for example, stays with the
// medium.
//
// A value is cleaned once, by the function that reads or makes it; what shows it
// cleans nothing.
package sanitize

import (
	"reflect"
	"strings"
	"unicode"
)

// Texts cleans, in place, every text that a pointer leads to: those of exported fields, of
// elements, and of keys and values of maps.
func Texts(pointer any) { cleanValue(reflect.ValueOf(pointer)) }

// Text returns a text on one line, in valid UTF-8, without control characters and without
// characters that reorder or hide their neighbours: a record called "\x1b[2J" must not
// clear the screen, and "\u202eSSAP" must not read PASS. What is replaced stays visible
// as �.
func Text(s string) string {
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
			v.SetString(Text(v.String()))
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
