package api

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Vars are the values of one request.
type Vars struct {
	ID, From, To, Marker, Date, Tag string
	Token                           []byte
	Parts                           [][]byte // of a token that is a pair
	Number                          int
	Saved                           map[string]Saved

	part [64]byte  // of one value, while it is filled in
	text [128]byte // of a whole template
}

// Saved is a value that an earlier answer of the seeding held.
type Saved struct {
	Text string
	JSON string // as it was written: with quotes, or a number
}

// template is a text with values in it, ready to be appended to a buffer.
type template struct {
	source string
	parts  []part
}

// part is a literal, or one value.
type part struct {
	literal string
	name    string // empty: a literal
	index   int    // of {token.0}; -1: none
	filters []string
	use     []func([]byte) ([]byte, error) // the filters
	place   context
}

// context is where a value stands, which decides how it is escaped.
type context uint8

const (
	inPath   context = iota // one segment of a path
	inQuery                 // one value of a query
	inHeader                // a header's value
	inString                // between the quotes of a JSON string
	inJSON                  // in JSON outside of quotes
	inText                  // a body that is no JSON
)

// names are the values that every template may use. Saved names come on top.
var names = []string{"id", "token", "from", "to", "marker", "date", "tag", "n"}

var filters = map[string]func([]byte) ([]byte, error){
	"int": func(b []byte) ([]byte, error) {
		if _, err := strconv.ParseInt(string(b), 10, 64); err != nil {
			return nil, fmt.Errorf("%q is no integer", b)
		}
		return b, nil
	},
	"base64": func(b []byte) ([]byte, error) { return base64.StdEncoding.AppendEncode(nil, b), nil },
	"unquote": func(b []byte) ([]byte, error) {
		if len(b) >= 2 && b[0] == '"' && b[len(b)-1] == '"' {
			return b[1 : len(b)-1], nil
		}
		return b, nil
	},
}

// parseTemplate splits a text at its {names}. A brace that no name follows is
// one of JSON. first is the context at the beginning: a path goes over into a
// query at its question mark, JSON into and out of strings at its quotes.
func parseTemplate(text string, first context, saved func(string) bool) (template, error) {
	t := template{source: text}
	at, literal := first, 0
	for i := 0; i < len(text); i++ {
		inner, ok := placeholder(text[i:])
		if !ok {
			at, i = at.after(text, i)
			continue
		}
		p, err := parsePart(inner, saved)
		if err != nil {
			return t, fmt.Errorf("%q: %w", text, err)
		}
		p.place = at
		t.parts = append(t.literalTo(text[literal:i]), p)
		i += len(inner) + 1
		literal = i + 1
	}
	t.parts = t.literalTo(text[literal:])
	return t, nil
}

func (t *template) literalTo(text string) []part {
	if text == "" {
		return t.parts
	}
	return append(t.parts, part{literal: text})
}

// after returns the context behind the byte at i, and the index of the last
// byte that was looked at.
func (c context) after(text string, i int) (context, int) {
	switch {
	case c == inPath && text[i] == '?':
		return inQuery, i
	case c == inString && text[i] == '\\':
		return c, i + 1
	case c == inString && text[i] == '"':
		return inJSON, i
	case c == inJSON && text[i] == '"':
		return inString, i
	}
	return c, i
}

// placeholder returns what stands between the braces when a text begins with
// {name…}.
func placeholder(text string) (inner string, ok bool) {
	if len(text) < 3 || text[0] != '{' || text[1] < 'a' || text[1] > 'z' {
		return "", false
	}
	inner, _, ok = strings.Cut(text[1:], "}")
	return inner, ok && !strings.ContainsAny(inner, "{\" \t\n,:")
}

func parsePart(inner string, saved func(string) bool) (part, error) {
	words := strings.Split(inner, "|")
	name, index, pair := strings.Cut(words[0], ".")
	p := part{name: name, index: -1, filters: words[1:]}
	if pair {
		n, err := strconv.Atoi(index)
		if name != "token" || err != nil || n < 0 {
			return p, fmt.Errorf("{%s}: only a token has parts, {token.0} and {token.1}", inner)
		}
		p.index = n
	}
	known := false
	for _, n := range names {
		known = known || n == name
	}
	if !known && !saved(name) {
		return p, fmt.Errorf("{%s} is no name; there are {%s} and what `save` names before it", name, strings.Join(names, "} {"))
	}
	for _, f := range p.filters {
		if filters[f] == nil {
			return p, fmt.Errorf("{%s}: there is no filter %q; want base64, int or unquote", inner, f)
		}
		p.use = append(p.use, filters[f])
	}
	return p, nil
}

// append appends the text with its values. An error says which value may not
// stand where.
func (t *template) append(dst []byte, v *Vars) ([]byte, error) {
	for i := range t.parts {
		p := &t.parts[i]
		if p.name == "" {
			dst = append(dst, p.literal...)
			continue
		}
		var err error
		if dst, err = p.append(dst, v); err != nil {
			return dst, fmt.Errorf("filling {%s} of %q: %w", p.name, t.source, err)
		}
	}
	return dst, nil
}

func (p *part) append(dst []byte, v *Vars) ([]byte, error) {
	text, asJSON, err := p.value(v, v.part[:0])
	for _, filter := range p.use {
		if err == nil {
			text, err = filter(text)
		}
	}
	if err != nil {
		return dst, err
	}
	switch p.place {
	case inPath:
		return appendSegment(dst, text)
	case inQuery:
		return append(dst, url.QueryEscape(string(text))...), nil
	case inHeader:
		return appendHeader(dst, text)
	case inString:
		return appendJSON(dst, text), nil
	case inJSON:
		return p.appendBare(dst, text, asJSON)
	}
	return append(dst, text...), nil
}

// value returns the text of a value and, of a saved one, how JSON wrote it.
func (p *part) value(v *Vars, scratch []byte) (text []byte, asJSON string, err error) {
	switch p.name {
	case "id":
		return append(scratch, v.ID...), "", nil
	case "token":
		if p.index < 0 {
			return v.Token, "", nil
		}
		if p.index >= len(v.Parts) {
			return nil, "", fmt.Errorf("the token has %d parts", len(v.Parts))
		}
		return v.Parts[p.index], "", nil
	case "from":
		return append(scratch, v.From...), "", nil
	case "to":
		return append(scratch, v.To...), "", nil
	case "marker":
		return append(scratch, v.Marker...), "", nil
	case "date":
		return append(scratch, v.Date...), "", nil
	case "tag":
		return append(scratch, v.Tag...), "", nil
	case "n":
		return strconv.AppendInt(scratch, int64(v.Number), 10), "", nil
	}
	saved, ok := v.Saved[p.name]
	if !ok {
		return nil, "", errors.New("no earlier answer held it")
	}
	return []byte(saved.Text), saved.JSON, nil
}

// appendBare writes a value outside of quotes: a saved one as its answer wrote
// it, an integer as it is, anything else as a string.
func (p *part) appendBare(dst, text []byte, asJSON string) ([]byte, error) {
	if asJSON != "" && len(p.filters) == 0 {
		return append(dst, asJSON...), nil
	}
	if len(p.filters) > 0 && p.filters[len(p.filters)-1] == "int" {
		return append(dst, text...), nil
	}
	return append(appendJSON(append(dst, '"'), text), '"'), nil
}

// appendSegment keeps a value within one segment of a path: ids come from the
// target, and one like ../../customers must not choose the call. A segment of
// dots alone is taken apart by servers however it is escaped.
func appendSegment(dst, text []byte) ([]byte, error) {
	if string(text) == "" || string(text) == "." || string(text) == ".." {
		return dst, fmt.Errorf("%q cannot be one segment of a path", text)
	}
	for _, b := range text {
		if !isPlain(b) {
			return append(dst, url.PathEscape(string(text))...), nil
		}
	}
	return append(dst, text...), nil
}

// isPlain reports whether a byte is never escaped in a path.
func isPlain(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_' || b == '.' || b == '~'
}

func appendHeader(dst, text []byte) ([]byte, error) {
	for _, b := range text {
		if b < ' ' && b != '\t' || b == 0x7f {
			return dst, fmt.Errorf("%q cannot stand in a header", text)
		}
	}
	return append(dst, text...), nil
}

// appendJSON writes a text as the inside of a JSON string.
func appendJSON(dst, text []byte) []byte {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r < ' ':
			dst = fmt.Appendf(dst, `\u%04x`, r)
		case r == utf8.RuneError && size == 1:
			dst = append(dst, `\ufffd`...)
		default:
			dst = append(dst, text[:size]...)
		}
		text = text[size:]
	}
	return dst
}
