// Package reason holds why something was decided as data, a code with values, and
// turns it into sentences.
//
// Its opinion: what decides does not write prose, and what writes prose decides
// nothing. A program asks the code and the values; only words.go knows sentences,
// one for a terminal and, where an engineer's words would not do, one for the
// person who decides on a release.
package reason

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/occbench/occbench/internal/noun"
)

// Reason is why something was decided. Values are numbers (float64), texts, bools,
// other reasons, and lists of these.
type Reason struct {
	Code   string
	Gate   string // whose answer it explains; empty: it is about the run
	Values map[string]any
	Words  noun.Words // of the API under test; not kept in files
}

// New returns a reason with names and values in turn. Values that are zero, empty
// or nil are left out.
func New(code string, values ...any) Reason {
	r := Reason{Code: code}
	for i := 0; i+1 < len(values); i += 2 {
		r = r.With(values[i].(string), values[i+1])
	}
	return r
}

// With returns the reason with one more value.
func (r Reason) With(name string, value any) Reason {
	v := normalizeValue(value)
	if v == nil {
		return r
	}
	if r.Values = maps.Clone(r.Values); r.Values == nil {
		r.Values = map[string]any{}
	}
	r.Values[name] = v
	return r
}

// FromText returns a reason with the words of another program, for example of
// an error.
func FromText(text string) Reason { return New("said", "text", text) }

// IsZero reports whether there is no reason.
func (r Reason) IsZero() bool { return r.Code == "" }

// Is reports whether the reason, or the one that it rests on, has one of the codes.
func (r Reason) Is(codes ...string) bool {
	for _, code := range codes {
		if r.Code == code {
			return true
		}
	}
	why, ok := r.Values["why"].(Reason)
	return ok && why.Is(codes...)
}

// Equal reports whether two reasons say the same, whichever gate they are of.
func (r Reason) Equal(other Reason) bool {
	return r.Code == other.Code && reflect.DeepEqual(r.Values, other.Values)
}

// Text returns a value that is a text; empty: there is none.
func (r Reason) Text(name string) string {
	text, _ := r.Values[name].(string)
	return text
}

// normalizeValue returns a value as it would be after encoding and decoding as
// JSON; nil for a zero value.
func normalizeValue(value any) any {
	switch v := value.(type) {
	case Reason:
		if v.IsZero() {
			return nil
		}
		return v
	case *float64:
		if v == nil {
			return nil
		}
		return *v
	}
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Bool, reflect.String, reflect.Float64, reflect.Int, reflect.Int64, reflect.Int32:
		if v.IsZero() {
			return nil
		}
		if v.CanInt() {
			return float64(v.Int())
		}
		if v.Kind() == reflect.String {
			return v.String()
		}
		return value
	case reflect.Slice:
		var all []any
		for i := range v.Len() {
			if one := normalizeValue(v.Index(i).Interface()); one != nil {
				all = append(all, one)
			}
		}
		if all == nil {
			return nil
		}
		return all
	case reflect.Invalid:
		return nil
	}
	panic(fmt.Sprintf("a reason holds no %T", value))
}

// written is a reason in JSON. The text is for readers; no program reads it back.
type written struct {
	Code   string         `json:"code"`
	Gate   string         `json:"gate,omitempty"`
	Values map[string]any `json:"values,omitempty"`
	Text   string         `json:"text,omitempty"`
}

// MarshalJSON adds the words for a terminal.
func (r Reason) MarshalJSON() ([]byte, error) {
	return encodeJSON(written{r.Code, r.Gate, r.Values, r.String()})
}

// encodeJSON returns the JSON of a value. It keeps <, > and & as they are,
// like the other encoders of the same file.
func encodeJSON(v any) ([]byte, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return []byte(b.String()), nil
}

// UnmarshalJSON ignores the words, but of a text that stands alone, as earlier versions
// wrote some reasons.
func (r *Reason) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*r = FromText(text)
		return nil
	}
	var w written
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*r = Reason{Code: w.Code, Gate: w.Gate}
	for name, value := range w.Values {
		*r = r.With(name, reviveReasons(value))
	}
	return nil
}

// reviveReasons turns the decoded JSON objects in a value into reasons.
func reviveReasons(value any) any {
	switch v := value.(type) {
	case map[string]any:
		code, _ := v["code"].(string)
		gate, _ := v["gate"].(string)
		r := Reason{Code: code, Gate: gate}
		values, _ := v["values"].(map[string]any)
		for name, inner := range values {
			r = r.With(name, reviveReasons(inner))
		}
		return r
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = reviveReasons(v[i])
		}
		return all
	}
	return value
}

// In returns the reason in the nouns of an API, and so those of the reasons inside.
func (r Reason) In(w noun.Words) Reason {
	spoken := Reason{Code: r.Code, Gate: r.Gate, Words: w}
	if r.Values != nil {
		spoken.Values = map[string]any{}
	}
	for name, value := range r.Values {
		spoken.Values[name] = translateValue(value, w)
	}
	return spoken
}

// translateValue returns a value in the nouns of an API, when it is a reason
// or contains reasons.
func translateValue(value any, w noun.Words) any {
	switch v := value.(type) {
	case Reason:
		return v.In(w)
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = translateValue(v[i], w)
		}
		return all
	}
	return value
}

// String returns the reason in an engineer's words, without a capital at the
// beginning and a stop at the end, and without its gate.
func (r Reason) String() string { return phrases()[r.Code].write(r, false) }

// Line returns the reason with its gate before it, for a terminal and for machines
// that show a line of text.
func (r Reason) Line() string {
	if r.Gate == "" {
		return r.String()
	}
	return r.Gate + ": " + r.String()
}

// Lines returns the lines of all reasons; the result is never nil.
func Lines(all []Reason) []string {
	lines := make([]string, len(all))
	for i := range all {
		lines[i] = all[i].Line()
	}
	return lines
}

// Clause returns the reason for a reader who is no engineer, to be put into a
// sentence.
func (r Reason) Clause() string { return phrases()[r.Code].write(r, true) }

// Sentence returns the clause as a sentence of its own.
func (r Reason) Sentence() string { return Sentence(r.Clause()) }

// Sentence returns a text with a capital at its beginning and a stop at its end.
func Sentence(text string) string { return Capitalize(strings.TrimRight(text, ". ")) + "." }

// Capitalize returns a text with a capital at its beginning.
func Capitalize(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}
