package api

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Vars are the values of one request.
type Vars struct {
	ID, From, To, Marker, Date, Tag string
	SlotStart, SlotEnd              string // the time that a new record gets, where the API gives it one
	Token                           []byte // a pair as the one text that a read gave
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
	json   bool // the text is JSON
}

// part is a literal, or one value.
type part struct {
	literal string
	name    string    // empty: a literal
	index   int       // of {token.0}; -1: none
	text    *template // of a name in the vars of the call; else nil
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

// names are allowed in the templates of one call: the values that the call is
// given, those that an earlier answer held (both without a template), and the
// texts that the file itself names.
type names map[string]*template

func newNames(all ...string) names {
	known := names{}
	for _, name := range all {
		known[name] = nil
	}
	return known
}

// add returns the names and further ones.
func (k names) add(more ...string) names {
	all := maps.Clone(k)
	maps.Copy(all, newNames(more...))
	return all
}

// parseTemplate splits a text at its {names}. A brace that no name follows is
// one of JSON. first is the context at the beginning: a path goes over into a
// query at its question mark, JSON into and out of strings at its quotes.
func parseTemplate(text string, first context, known names) (template, error) {
	t := template{source: text}
	at, literal := first, 0
	for i := 0; i < len(text); i++ {
		inner, ok := cutPlaceholder(text[i:])
		if !ok {
			at, i = at.advance(text, i)
			continue
		}
		p, err := parsePart(inner, known)
		if err != nil {
			return t, fmt.Errorf("%q: %w", text, err)
		}
		p.place = at
		t.parts = append(t.splitLiteral(text[literal:i]), p)
		i += len(inner) + 1
		literal = i + 1
	}
	t.parts = t.splitLiteral(text[literal:])
	return t, nil
}

func (t *template) splitLiteral(text string) []part {
	if text == "" {
		return t.parts
	}
	return append(t.parts, part{literal: text})
}

func newLiteral(text string) template {
	return template{source: text, parts: []part{{literal: text}}}
}

// uses reports whether a value stands in the text, or in a text of the file that it names.
func (t *template) uses(name string) bool {
	return slices.ContainsFunc(t.parts, func(p part) bool { return p.name == name || p.text != nil && p.text.uses(name) })
}

// advance returns the context behind the byte at i, and the index of the last
// byte that was looked at.
func (c context) advance(text string, i int) (context, int) {
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

// cutPlaceholder returns what stands between the braces when a text begins with
// {name…}.
func cutPlaceholder(text string) (inner string, ok bool) {
	if len(text) < 3 || text[0] != '{' || text[1] < 'a' || text[1] > 'z' {
		return "", false
	}
	inner, _, ok = strings.Cut(text[1:], "}")
	return inner, ok && !strings.ContainsAny(inner, "{\" \t\n,:")
}

func parsePart(inner string, known names) (part, error) {
	words := strings.Split(inner, "|")
	p := part{name: words[0], index: -1, filters: words[1:]}
	if index, ok := strings.CutPrefix(p.name, "token."); ok {
		n, err := strconv.Atoi(index)
		if err != nil || n < 0 {
			return p, fmt.Errorf("{%s}: a token that is a pair has the parts {token.0} and {token.1}", inner)
		}
		p.name, p.index = "token", n
	}
	var ok bool
	if p.text, ok = known[p.name]; !ok {
		return p, fmt.Errorf("{%s} has no value here%s", p.name, suggestName(p.name, slices.Sorted(maps.Keys(known))))
	}
	for _, f := range p.filters {
		if filters[f] == nil {
			return p, fmt.Errorf("{%s}: there is no filter %q%s", inner, f, suggestName(f, slices.Sorted(maps.Keys(filters))))
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
	if p.text != nil {
		if text, err = p.text.append(nil, v); p.text.json {
			asJSON = string(text)
		}
		return text, asJSON, err
	}
	switch p.name {
	case "id":
		return append(scratch, v.ID...), "", nil
	case "token":
		if p.index < 0 {
			return v.Token, "", nil
		}
		text, err = cutPart(v.Token, p.index)
		return text, "", err
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
	case "slot.start":
		return append(scratch, v.SlotStart...), "", nil
	case "slot.end":
		return append(scratch, v.SlotEnd...), "", nil
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
