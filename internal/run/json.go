package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/workload"
)

// object is a JSON object whose members keep their order.
type object struct {
	names   []string
	members map[string]any // json.RawMessage or *object
}

// put sets a member at a path of names.
func (o *object) put(path []string, value json.RawMessage) {
	if o.members == nil {
		o.members = map[string]any{}
	}
	name := path[0]
	if !slices.Contains(o.names, name) {
		o.names = append(o.names, name)
	}
	if len(path) == 1 {
		o.members[name] = value
		return
	}
	inner, ok := o.members[name].(*object)
	if !ok {
		inner = &object{}
		o.members[name] = inner
	}
	inner.put(path[1:], value)
}

// MarshalJSON writes the members in the order in which they came.
func (o *object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range o.names {
		if i > 0 {
			b.WriteByte(',')
		}
		value, err := Encode(o.members[name])
		if err != nil {
			return nil, err
		}
		b.WriteString(strconv.Quote(name) + ":")
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Encode returns the JSON of a value, in which a URL stands as it is.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// MarshalJSON writes the spec as the manifest holds it: one member for each row of
// the table that has a path. A target with credentials is an error.
func (s Spec) MarshalJSON() ([]byte, error) {
	if err := checkShown(s.Target); err != nil {
		return nil, err
	}
	var o object
	for _, f := range Fields(time.Now) {
		path := f.path()
		if path == nil || f.Omit && reflect.ValueOf(f.at(&s)).Elem().IsZero() {
			continue
		}
		value, err := Encode(toJSON(f.at(&s)))
		if err != nil {
			return nil, fmt.Errorf("writing %s: %w", strings.Join(path, "."), err)
		}
		o.put(path, value)
	}
	return o.MarshalJSON()
}

// toJSON returns what stands in JSON for the value at a pointer. Of 64 bits a JSON
// number keeps 53 in most languages.
func toJSON(at any) any {
	switch v := at.(type) {
	case *time.Duration:
		return v.String()
	case *uint64:
		return strconv.FormatUint(*v, 10)
	case *workload.Delay:
		return newDelayCodec().Write(*v)
	case *workload.Pick:
		return v.String()
	case *workload.Walk:
		return v.String()
	case *workload.Backoff:
		return v.String()
	}
	return at
}

// formerNames has what earlier versions called members of the manifest.
var formerNames = map[string]string{"records": "cards", "double_updates": "double_moves", "shared_records": "shared_board"}

// UnmarshalJSON reads what MarshalJSON writes. A member that is not there leaves
// its field as it is. The limits of the settings do not hold here: a run that was
// made is read.
func (s *Spec) UnmarshalJSON(text []byte) error {
	var top map[string]json.RawMessage
	if err := json.Unmarshal(text, &top); err != nil {
		return err
	}
	for _, f := range Fields(time.Now) {
		path := f.path()
		if path == nil {
			continue
		}
		members, last := top, len(path)-1
		for _, name := range path[:last] {
			var inner map[string]json.RawMessage
			if raw, ok := members[name]; ok {
				if err := json.Unmarshal(raw, &inner); err != nil {
					return &ValueError{Path: path[:1], Reason: kindError(name, err)}
				}
			}
			members = inner
		}
		raw, ok := members[path[last]]
		if !ok {
			raw, ok = members[formerNames[path[last]]]
		}
		if !ok || string(raw) == "null" {
			continue
		}
		if err := fromJSON(raw, f.at(s)); err != nil {
			return &ValueError{Path: path, Reason: kindError(strings.Join(path, "."), err)}
		}
	}
	if err := checkShown(s.Target); err != nil {
		return &ValueError{Path: []string{"target"}, Reason: err.Error()}
	}
	return nil
}

// fromJSON is the inverse of toJSON.
func fromJSON(raw []byte, at any) error {
	switch v := at.(type) {
	case *time.Duration:
		return decodeText(raw, v, parseDuration)
	case *uint64:
		return decodeText(raw, v, newSeedCodec().Parse)
	case *workload.Delay:
		return decodeText(raw, v, workload.ParseDelay)
	case *workload.Pick:
		return decodeText(raw, v, workload.ParsePick)
	case *workload.Walk:
		return decodeText(raw, v, workload.ParseWalk)
	case *workload.Backoff:
		return decodeText(raw, v, newBackoffCodec().Parse)
	}
	return json.Unmarshal(raw, at)
}

// decodeText decodes a JSON string and parses it; the empty string leaves the
// value as it is.
func decodeText[V any](raw []byte, into *V, parse func(string) (V, error)) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil || text == "" {
		return err
	}
	v, err := parse(text)
	if err == nil {
		*into = v
	}
	return err
}

func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%.40q is not a duration like 250ms or 1m0s", text)
	}
	return d, nil
}

// kindError says in words what encoding/json holds against the kind of a value.
func kindError(name string, err error) string {
	kind, ok := err.(*json.UnmarshalTypeError)
	if !ok {
		return err.Error()
	}
	return fmt.Sprintf("%s is %s, want %s", name, kind.Value, NameJSONType(kind.Type))
}

// NameJSONType names the JSON that can be decoded into a type.
func NameJSONType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Float32, reflect.Float64:
		return "a number"
	}
	return "an integer that fits into " + t.String()
}

// ValueError is a member of a JSON object whose value has no meaning.
type ValueError struct {
	Path   []string // of names
	Reason string
}

func (e *ValueError) Error() string { return e.Reason }

// Offset returns where the value begins in a text; -1 when it is not found.
func (e *ValueError) Offset(text []byte) int64 {
	at := 0
	for _, name := range e.Path {
		member := regexp.MustCompile(regexp.QuoteMeta(strconv.Quote(name)) + `\s*:\s*`)
		found := member.FindIndex(text[at:])
		if found == nil {
			return -1
		}
		at += found[1]
	}
	return int64(at)
}

// checkShown refuses a target that must not stand in a file. Its errors do not
// repeat the text, which may hold a password.
func checkShown(target string) error {
	if target == "" {
		return nil
	}
	u, err := url.Parse(target)
	switch {
	case strings.Contains(target, "@"):
		err = errors.New("it holds credentials, which must not be written to a file")
	case err != nil:
		err = errors.New("it is not a URL like https://shop.example.com")
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		err = errors.New("want http:// or https:// and a host")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		err = errors.New("want a base URL, without query and fragment")
	}
	if err != nil {
		return fmt.Errorf("reading the target's URL: %w", err)
	}
	return nil
}

// autoWord is a bool that is written as the word auto.
type autoWord bool

// MarshalText is the inverse of UnmarshalText.
func (w autoWord) MarshalText() ([]byte, error) { return []byte(automatic), nil }

// UnmarshalText takes the word auto for true.
func (w *autoWord) UnmarshalText(text []byte) error {
	*w = string(text) == automatic
	return nil
}
