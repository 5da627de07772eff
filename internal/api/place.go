package api

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/go-faster/jx"
)

// place is where one value of an answer stands.
type place struct {
	source string // as the file says it
	slot   int    // of a JSON place, in its reader; else -1
	header string // of a header place, in canonical form
	text   *regexp.Regexp
	from   *place  // of a place inside the value of another one; else nil
	links  []link  // from there on
	parts  []place // of a pair, whose value is the text of both; else nil
}

// newPlace compiles the text of one place for a reader. Behind a | without blanks
// the place goes on inside the value that stands there.
func newPlace(r *reader, text string) (place, error) {
	segments := splitSegments(text)
	from, err := newSimplePlace(r, segments[0])
	if err != nil || len(segments) == 1 {
		return from, err
	}
	p := place{source: text, slot: -1, from: &from}
	for _, segment := range segments[1:] {
		l, err := newLink(segment)
		if err != nil {
			return from, fmt.Errorf("%q: %w", text, err)
		}
		p.links = append(p.links, l)
	}
	return p, nil
}

func newSimplePlace(r *reader, text string) (place, error) {
	p := place{source: text, slot: -1}
	var err error
	switch {
	case isPath(text):
		var steps []step
		if steps, err = parsePath(text, false); err == nil {
			p.slot = r.add(steps)
		}
		return p, err
	case strings.HasPrefix(text, "header:") && len(text) > len("header:"):
		p.header = canonicalizeHeader(text[len("header:"):])
		return p, nil
	case strings.HasPrefix(text, "re:"):
		p.text, err = compilePattern(text)
		return p, err
	}
	return p, fmt.Errorf("%q is no place; want a JSON path such as $.data.version, header:NAME or re:/(…)/", text)
}

// valueIn returns the value of a place.
func (p *place) valueIn(values []value, r *Response) value {
	switch {
	case p.slot >= 0:
		return values[p.slot]
	case p.header != "":
		if text := r.header(p.header); text != nil {
			return value{kind: jx.String, text: text}
		}
	case p.text != nil:
		if found := p.text.FindSubmatch(r.Body); found != nil {
			return value{kind: jx.String, text: found[1]}
		}
	case p.from != nil:
		return followLinks(p.links, p.from.valueIn(values, r))
	case p.parts != nil:
		return joinPair(p.parts, values, r)
	}
	return value{}
}

// joinPair returns the texts of a pair as one; nothing where one is missing, or where the two
// could not be told apart afterwards.
func joinPair(parts []place, values []value, r *Response) value {
	var text []byte
	for i := range parts {
		v := parts[i].valueIn(values, r)
		word := v.word()
		if len(word) == 0 || strings.IndexByte(string(word), pairing) >= 0 {
			return value{}
		}
		if i > 0 {
			text = append(text, pairing)
		}
		text = append(text, word...)
	}
	return value{kind: jx.String, text: text}
}

// canonicalizeHeader returns a name of a header as net/http writes it.
func canonicalizeHeader(name string) string {
	text, upper := []byte(strings.ToLower(name)), true
	for i, b := range text {
		if upper && b >= 'a' && b <= 'z' {
			text[i] = b - ('a' - 'A')
		}
		upper = b == '-'
	}
	return string(text)
}
