package protocol

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// queryProtocol is awsQuery: forms in, XML out. Debian's AWS CLI speaks it.
type queryProtocol struct{}

const (
	apiVersion   = "2010-08-01"
	xmlNamespace = "http://monitoring.amazonaws.com/doc/2010-08-01/"
)

func (queryProtocol) Headers(h http.Header) { h.Set("Content-Type", "text/xml") }

func (queryProtocol) QueryErrors(*http.Request) bool { return true }

func (queryProtocol) Decode(_ *http.Request, body []byte) (string, map[string]any, *Error) {
	form, err := parseForm(string(body))
	if err != nil {
		return "", nil, newMalformed("The body is not a form: %v.", err)
	}
	op := form.Get("Action")
	if op == "" {
		return "", nil, &Error{Code: "MissingAction", Shape: CoralService + "UnknownOperationException", Status: 400,
			Message: "The request names no operation. This is a local CloudWatch stand-in: talk to it with an AWS client."}
	}
	if v := form.Get("Version"); v != apiVersion {
		return op, nil, UnsupportedError("version %q of the API", v)
	}
	form.Del("Action")
	form.Del("Version")
	root := map[string]any{}
	for _, key := range sortKeys(form) {
		if err := putValues(root, key, form[key]); err != nil {
			return op, nil, err
		}
	}
	return op, convertLists(root).(map[string]any), nil
}

// parseForm is url.ParseQuery without its limit of 10,000 parameters, which 40
// data with 150 values and counts exceed; the size of the body limits enough.
func parseForm(body string) (url.Values, error) {
	form := url.Values{}
	for pair := range strings.SplitSeq(body, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			return nil, err
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return nil, err
		}
		if pair != "" {
			form.Add(name, value)
		}
	}
	return form, nil
}

func sortKeys(form url.Values) []string {
	keys := make([]string, 0, len(form))
	for key := range form {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// putValues puts the value of a key such as MetricData.member.1.Value into the tree.
func putValues(root map[string]any, key string, values []string) *Error {
	path := strings.Split(key, ".")
	if len(values) != 1 || len(path) > 2*maxDepth || slices.Contains(path, "") {
		return newMalformed("The parameter %q is malformed or given twice.", key)
	}
	node := root
	for _, name := range path[:len(path)-1] {
		if node[name] == nil {
			node[name] = map[string]any{}
		}
		child, ok := node[name].(map[string]any)
		if !ok {
			return newMalformed("The parameter %q is a value and a structure at once.", key)
		}
		node = child
	}
	last := path[len(path)-1]
	if _, ok := node[last]; ok {
		return newMalformed("The parameter %q is a value and a structure at once.", key)
	}
	node[last] = text(values[0])
	return nil
}

// convertLists returns a tree with a list [a, b] for every {member: {1: a, 2: b}}.
func convertLists(node any) any {
	m, ok := node.(map[string]any)
	if !ok {
		return node
	}
	if list, ok := listOf(m); ok {
		return list
	}
	for name, child := range m {
		m[name] = convertLists(child)
	}
	return m
}

func listOf(m map[string]any) ([]any, bool) {
	members, ok := m["member"].(map[string]any)
	if !ok || len(m) != 1 {
		return nil, false
	}
	indices := make([]int, 0, len(members))
	for name := range members {
		i, err := strconv.Atoi(name)
		if err != nil || i < 1 || strconv.Itoa(i) != name {
			return nil, false
		}
		indices = append(indices, i)
	}
	slices.Sort(indices)
	list := make([]any, len(indices))
	for at, i := range indices {
		list[at] = convertLists(members[strconv.Itoa(i)])
	}
	return list, true
}

func (queryProtocol) Encode(op, requestID string, tree Object) []byte {
	answer := Object{{"ResponseMetadata", Object{{"RequestId", requestID}}}}
	if tree != nil {
		answer = append(Object{{op + "Result", tree}}, answer...)
	}
	return writeDocument(op+"Response", answer)
}

func (queryProtocol) EncodeError(requestID string, err *Error) []byte {
	detail := Object{{"Type", err.Fault()}, {"Code", err.Code}}
	if err.Message != "" {
		detail = append(detail, member{"Message", err.Message})
	}
	return writeDocument("ErrorResponse", Object{{"Error", detail}, {"RequestId", requestID}})
}

func writeDocument(root string, tree Object) []byte {
	var b bytes.Buffer
	b.WriteString("<" + root + ` xmlns="` + xmlNamespace + `">`)
	writeXML(&b, tree)
	b.WriteString("</" + root + ">\n")
	return b.Bytes()
}

func writeXML(b *bytes.Buffer, node any) {
	switch v := node.(type) {
	case Object:
		for _, m := range v {
			writeElement(b, m.name, m.value)
		}
	case dictionary:
		for _, m := range v {
			writeElement(b, "entry", Object{{"key", m.name}, {"value", m.value}})
		}
	case []any:
		for _, item := range v {
			writeElement(b, "member", item)
		}
	default:
		writeText(b, node)
	}
}

func writeElement(b *bytes.Buffer, name string, node any) {
	b.WriteString("<" + name + ">")
	writeXML(b, node)
	b.WriteString("</" + name + ">")
}

func writeText(b *bytes.Buffer, node any) {
	var s string
	switch v := node.(type) {
	case time.Time:
		s = FormatISO8601(v)
	case float64:
		s = FormatDecimal(v)
	case bool:
		s = strconv.FormatBool(v)
	case int:
		s = strconv.Itoa(v)
	case string:
		s = v
	}
	// Characters that XML cannot hold become U+FFFD. A Buffer returns no error.
	_ = xml.EscapeText(b, []byte(s))
}

// FormatISO8601 leaves out the milliseconds of a whole second, as CloudWatch does for
// the times of buckets.
func FormatISO8601(t time.Time) string {
	if t.UnixMilli()%1000 == 0 {
		return t.UTC().Format("2006-01-02T15:04:05Z")
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
