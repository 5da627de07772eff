package api

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"

	"github.com/go-faster/jx"
)

// link leads from a value into it: exactly one field is set.
type link struct {
	base64 bool    // to the text that is written in base64
	json   *reader // to a place of the JSON that the text is; its only slot
	text   *regexp.Regexp
}

func newLink(text string) (l link, err error) {
	switch {
	case text == "base64":
		l.base64 = true
	case isPath(text):
		var steps []step
		l.json = newReader()
		if steps, err = parsePath(text, false); err == nil {
			l.json.add(steps)
		}
	case strings.HasPrefix(text, "re:"):
		l.text, err = compilePattern(text)
	default:
		err = fmt.Errorf("%q does not lead into a value; want base64, a JSON path or re:/(…)/", text)
	}
	return l, err
}

func (l *link) follow(text []byte) value {
	switch {
	case l.base64:
		plain := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
		n, err := base64.StdEncoding.Decode(plain, text)
		if err != nil {
			return value{}
		}
		return value{kind: jx.String, text: plain[:n]}
	case l.json != nil:
		var values [1]value
		s := scan{values: values[:]}
		if err := l.json.read(jx.DecodeBytes(text), &s); err != nil {
			return value{}
		}
		return values[0]
	}
	if found := l.text.FindSubmatch(text); found != nil {
		return value{kind: jx.String, text: found[1]}
	}
	return value{}
}

// isPath reports whether the text of a place is a path through JSON.
func isPath(text string) bool { return strings.HasPrefix(text, "$") }

// compilePattern compiles re:/(…)/, whose first group is the value.
func compilePattern(text string) (*regexp.Regexp, error) {
	body := strings.TrimPrefix(text, "re:")
	if len(body) < 3 || body[0] != '/' || body[len(body)-1] != '/' {
		return nil, fmt.Errorf("%q: want re:/…/ with slashes around the pattern", text)
	}
	re, err := regexp.Compile(body[1 : len(body)-1])
	if err != nil {
		return nil, fmt.Errorf("%q: %w", text, err)
	}
	if re.NumSubexp() != 1 {
		return nil, fmt.Errorf("%q has %d groups in parentheses, want one: the value", text, re.NumSubexp())
	}
	return re, nil
}

// followLinks returns the value inside of another; nothing where a link leads nowhere.
func followLinks(links []link, v value) value {
	for i := range links {
		if v.kind != jx.String && v.kind != jx.Number {
			return value{}
		}
		v = links[i].follow(v.text)
	}
	return v
}
