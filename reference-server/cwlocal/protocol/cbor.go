package protocol

import (
	"encoding/binary"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
)

// cborProtocol is smithy's rpc-v2-cbor, which the Go SDK speaks.
type cborProtocol struct{}

// Initial and final bytes of RFC 8949: containers of a length that is not told
// in advance, as CloudWatch writes them, and the tag of an instant.
const (
	cborListStart = 0x9f
	cborMapStart  = 0xbf
	cborBreak     = 0xff
	cborEpochTag  = 0xc1
	cborFloat64   = 0xfb
)

func (cborProtocol) Headers(h http.Header) {
	h.Set("Content-Type", "application/cbor")
	h["smithy-protocol"] = []string{"rpc-v2-cbor"}
}

func (cborProtocol) QueryErrors(r *http.Request) bool { return asksForQueryErrors(r) }

func (cborProtocol) Decode(r *http.Request, body []byte) (string, map[string]any, *Error) {
	op, found := strings.CutPrefix(r.URL.Path, "/service/"+Service+"/operation/")
	if !found {
		return "", nil, UnknownOperation(r.URL.Path)
	}
	if len(body) == 0 {
		return op, map[string]any{}, nil
	}
	value, err := cbor.Decode(body)
	if err != nil {
		return op, nil, newMalformed("The body is not CBOR: %v.", err)
	}
	tree, err2 := fromCBOR(value, 0)
	if err2 != nil {
		return op, nil, err2
	}
	m, ok := tree.(map[string]any)
	if !ok {
		return op, nil, newMistyped("", "a structure")
	}
	return op, m, nil
}

func fromCBOR(value cbor.Value, depth int) (any, *Error) {
	if depth > maxDepth {
		return nil, newMalformed("The request is nested too deeply.")
	}
	switch v := value.(type) {
	case cbor.List:
		return fromCBORList(v, depth)
	case cbor.Map:
		return fromCBORMap(v, depth)
	case *cbor.Tag:
		return fromCBORTag(v)
	case cbor.String:
		return string(v), nil
	case cbor.Bool:
		return bool(v), nil
	case *cbor.Nil, *cbor.Undefined:
		return nil, nil
	}
	f, ok := fromCBORNumber(value)
	if !ok {
		return nil, newMalformed("The body holds a CBOR item of a kind that no parameter has.")
	}
	return f, nil
}

func fromCBORList(list cbor.List, depth int) (any, *Error) {
	out := make([]any, len(list))
	for i, item := range list {
		child, err := fromCBOR(item, depth+1)
		if err != nil {
			return nil, err
		}
		out[i] = child
	}
	return out, nil
}

func fromCBORMap(m cbor.Map, depth int) (any, *Error) {
	out := make(map[string]any, len(m))
	for name, item := range m {
		child, err := fromCBOR(item, depth+1)
		if err != nil {
			return nil, err
		}
		out[name] = child
	}
	return out, nil
}

func fromCBORTag(tag *cbor.Tag) (any, *Error) {
	seconds, ok := fromCBORNumber(tag.Value)
	if tag.ID == 1 && ok {
		if t, ok := fromEpochSeconds(seconds); ok {
			return t, nil
		}
	}
	return nil, newMalformed("The body holds a CBOR tag that is not an instant.")
}

func fromCBORNumber(value cbor.Value) (float64, bool) {
	switch v := value.(type) {
	case cbor.Uint:
		return float64(v), true
	case cbor.NegInt: // 0 stands for 2^64
		if v == 0 {
			return -math.Exp2(64), true
		}
		return -float64(v), true
	case cbor.Float32:
		return float64(v), true
	case cbor.Float64:
		return float64(v), true
	}
	return 0, false
}

func (cborProtocol) Encode(_, _ string, tree Object) []byte {
	if tree == nil {
		return nil
	}
	return appendCBOR(nil, tree)
}

func (cborProtocol) EncodeError(_ string, err *Error) []byte {
	return appendCBOR(nil, encodeError(err))
}

func appendCBOR(b []byte, node any) []byte {
	switch v := node.(type) {
	case Object:
		return appendCBORMap(b, v)
	case dictionary:
		return appendCBORMap(b, v)
	case []any:
		b = append(b, cborListStart)
		for _, item := range v {
			b = appendCBOR(b, item)
		}
		return append(b, cborBreak)
	case time.Time:
		return appendCBORFloat(append(b, cborEpochTag), toEpochSeconds(v))
	case float64:
		return appendCBORFloat(b, v)
	case bool:
		return append(b, cbor.Encode(cbor.Bool(v))...)
	case int:
		return append(b, cbor.Encode(cbor.Uint(v))...) // no answer has a negative integer
	case string:
		return append(b, cbor.Encode(cbor.String(v))...)
	}
	return append(b, cbor.Encode(&cbor.Nil{})...)
}

func appendCBORMap(b []byte, members []member) []byte {
	b = append(b, cborMapStart)
	for _, m := range members {
		b = append(b, cbor.Encode(cbor.String(m.name))...)
		b = appendCBOR(b, m.value)
	}
	return append(b, cborBreak)
}

func appendCBORFloat(b []byte, f float64) []byte {
	return binary.BigEndian.AppendUint64(append(b, cborFloat64), math.Float64bits(f))
}
