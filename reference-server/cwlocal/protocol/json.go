package protocol

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// jsonProtocol is awsJson 1.0, which newer AWS CLIs speak.
type jsonProtocol struct{}

func (jsonProtocol) Headers(h http.Header) { h.Set("Content-Type", "application/x-amz-json-1.0") }

func (jsonProtocol) QueryErrors(r *http.Request) bool { return asksForQueryErrors(r) }

func (jsonProtocol) Decode(r *http.Request, body []byte) (string, map[string]any, *Error) {
	op, found := strings.CutPrefix(r.Header.Get("X-Amz-Target"), Service+".")
	if !found {
		return "", nil, UnknownOperation(r.Header.Get("X-Amz-Target"))
	}
	if len(body) == 0 {
		return op, map[string]any{}, nil
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	var tree map[string]any
	if err := dec.Decode(&tree); err != nil {
		return op, nil, newMalformed("The body is not a JSON object: %v.", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return op, nil, newMalformed("The body goes on after its JSON object.")
	}
	if measureDepth(tree) > maxDepth {
		return op, nil, newMalformed("The request is nested too deeply.")
	}
	return op, tree, nil
}

// measureDepth returns how deep a tree is nested. It cannot overflow the stack: the decoder
// refuses what is nested deeper than 10,000.
func measureDepth(node any) int {
	deepest := 0
	switch v := node.(type) {
	case map[string]any:
		for _, child := range v {
			deepest = max(deepest, measureDepth(child))
		}
	case []any:
		for _, child := range v {
			deepest = max(deepest, measureDepth(child))
		}
	}
	return deepest + 1
}

func (jsonProtocol) Encode(_, _ string, tree Object) []byte {
	if tree == nil {
		return nil
	}
	return appendJSON(nil, tree)
}

func (jsonProtocol) EncodeError(_ string, err *Error) []byte {
	return appendJSON(nil, encodeError(err))
}

func appendJSON(b []byte, node any) []byte {
	switch v := node.(type) {
	case Object:
		return appendJSONObject(b, v)
	case dictionary:
		return appendJSONObject(b, v)
	case []any:
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, item)
		}
		return append(b, ']')
	case time.Time:
		return append(b, FormatDecimal(toEpochSeconds(v))...)
	case float64:
		return append(b, FormatDecimal(v)...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case string:
		return appendJSONString(b, v)
	}
	return append(b, "null"...)
}

func appendJSONObject(b []byte, members []member) []byte {
	b = append(b, '{')
	for i, m := range members {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendJSONString(b, m.name), ':')
		b = appendJSON(b, m.value)
	}
	return append(b, '}')
}

func appendJSONString(b []byte, s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil { // a string always marshals
		panic("cwlocal: " + err.Error())
	}
	return append(b, quoted...)
}
