package cwlocal

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
)

// clock is a time that tests set.
type clock struct{ ms atomic.Int64 }

func newClock(at time.Time) *clock {
	c := &clock{}
	c.set(at)
	return c
}

func (c *clock) set(at time.Time)         { c.ms.Store(at.UnixMilli()) }
func (c *clock) add(d time.Duration)      { c.ms.Add(d.Milliseconds()) }
func (c *clock) now() time.Time           { return time.UnixMilli(c.ms.Load()).UTC() }
func (c *clock) server(o Options) *Server { o.Now = c.now; return New(o) }

// noon is where the tests' clocks start: a whole minute.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// wire is a protocol as a client sees it, written here a second time and
// without types: requests and answers are trees of nil, bool, string, float64,
// time.Time, []any and map[string]any.
type wire struct {
	name   string
	encode func(op string, input map[string]any) (path, contentType string, h http.Header, body []byte)
	decode func(body []byte) (any, error)
}

var wires = map[string]wire{
	"cbor": {"cbor", func(op string, in map[string]any) (string, string, http.Header, []byte) {
		h := http.Header{"Smithy-Protocol": {"rpc-v2-cbor"}}
		return "/service/GraniteServiceVersion20100801/operation/" + op, "application/cbor", h, cbor.Encode(cborValue(in))
	}, decodeCBOR},
	"json": {"json", func(op string, in map[string]any) (string, string, http.Header, []byte) {
		h := http.Header{"X-Amz-Target": {"GraniteServiceVersion20100801." + op}}
		return "/", "application/x-amz-json-1.0", h, jsonBody(in)
	}, decodeJSON},
	"query": {"query", func(op string, in map[string]any) (string, string, http.Header, []byte) {
		form := url.Values{"Action": {op}, "Version": {"2010-08-01"}}
		queryForm(form, "", in)
		return "/", "application/x-www-form-urlencoded", nil, []byte(form.Encode())
	}, decodeXML},
}

func cborValue(node any) cbor.Value {
	switch v := node.(type) {
	case map[string]any:
		m := cbor.Map{}
		for k, child := range v {
			m[k] = cborValue(child)
		}
		return m
	case []any:
		l := cbor.List{}
		for _, child := range v {
			l = append(l, cborValue(child))
		}
		return l
	case time.Time:
		return &cbor.Tag{ID: 1, Value: cbor.Float64(float64(v.UnixMilli()) / 1e3)}
	case string:
		return cbor.String(v)
	case bool:
		return cbor.Bool(v)
	case float64:
		if v == float64(uint32(v)) {
			return cbor.Uint(v)
		}
		return cbor.Float64(v)
	}
	return &cbor.Nil{}
}

func jsonBody(in map[string]any) []byte {
	b, err := json.Marshal(mapTimes(in, func(t time.Time) any { return float64(t.UnixMilli()) / 1e3 }))
	if err != nil {
		panic(err)
	}
	return b
}

func mapTimes(node any, f func(time.Time) any) any {
	switch v := node.(type) {
	case map[string]any:
		m := map[string]any{}
		for k, child := range v {
			m[k] = mapTimes(child, f)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, child := range v {
			l[i] = mapTimes(child, f)
		}
		return l
	case time.Time:
		return f(v)
	}
	return node
}

func queryForm(form url.Values, prefix string, node any) {
	at := func(name string) string {
		if prefix == "" {
			return name
		}
		return prefix + "." + name
	}
	switch v := node.(type) {
	case map[string]any:
		for k, child := range v {
			queryForm(form, at(k), child)
		}
	case []any:
		if len(v) == 0 {
			form.Set(prefix, "")
		}
		for i, child := range v {
			queryForm(form, at("member."+strconv.Itoa(i+1)), child)
		}
	case time.Time:
		form.Set(prefix, v.UTC().Format("2006-01-02T15:04:05.999Z"))
	case float64:
		form.Set(prefix, strconv.FormatFloat(v, 'g', -1, 64))
	default:
		form.Set(prefix, fmt.Sprint(v))
	}
}

func decodeCBOR(body []byte) (any, error) {
	if len(body) == 0 {
		return nil, nil
	}
	v, err := cbor.Decode(body)
	if err != nil {
		return nil, err
	}
	return plainCBOR(v), nil
}

func plainCBOR(v cbor.Value) any {
	switch v := v.(type) {
	case cbor.Map:
		m := map[string]any{}
		for k, child := range v {
			m[k] = plainCBOR(child)
		}
		return m
	case cbor.List:
		l := []any{}
		for _, child := range v {
			l = append(l, plainCBOR(child))
		}
		return l
	case *cbor.Tag:
		t, err := cbor.AsTime(v)
		if err != nil {
			return err
		}
		return t.UTC()
	case cbor.String:
		return string(v)
	case cbor.Bool:
		return bool(v)
	case cbor.Uint:
		return float64(v)
	case cbor.Float64:
		return float64(v)
	}
	return nil
}

func decodeJSON(body []byte) (any, error) {
	if len(body) == 0 {
		return nil, nil
	}
	var v any
	return v, json.Unmarshal(body, &v)
}

// decodeXML reads XML as the recordings have it: an attribute is @name, an
// empty element nil, text a string, several elements of a name a list.
func decodeXML(body []byte) (any, error) {
	dec := xml.NewDecoder(bytes.NewReader(body))
	for {
		t, err := dec.Token()
		if err != nil {
			return nil, err
		}
		if start, ok := t.(xml.StartElement); ok {
			v, err := xmlElement(dec, start)
			return map[string]any{start.Name.Local: v}, err
		}
	}
}

func xmlElement(dec *xml.Decoder, start xml.StartElement) (any, error) {
	m, content := map[string]any{}, ""
	for _, a := range start.Attr {
		m["@"+a.Name.Local] = a.Value
	}
	for {
		t, err := dec.Token()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.CharData:
			content += string(t)
		case xml.EndElement:
			switch {
			case len(m) > 0:
				return m, nil
			case content == "":
				return nil, nil
			}
			return content, nil
		case xml.StartElement:
			child, err := xmlElement(dec, t)
			if err != nil {
				return nil, err
			}
			name := t.Name.Local
			switch old, ok := m[name]; {
			case !ok:
				m[name] = child
			default:
				if l, isList := old.([]any); isList {
					m[name] = append(l, child)
				} else {
					m[name] = []any{old, child}
				}
			}
		}
	}
}

// reply is an HTTP answer.
type reply struct {
	status int
	header http.Header
	body   []byte
	tree   any
}

// post sends one call over HTTP and decodes what comes back.
func post(t *testing.T, server *httptest.Server, w wire, op string, input map[string]any, headers map[string]string) reply {
	t.Helper()
	path, contentType, h, body := w.encode(op, input)
	req, err := http.NewRequest(http.MethodPost, server.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if h != nil {
		req.Header = h
	}
	req.Header.Set("Content-Type", contentType)
	for k, v := range headers {
		req.Header.Set(k, v)
	}
	resp, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	r := reply{status: resp.StatusCode, header: resp.Header}
	if r.body, err = io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	if r.tree, err = w.decode(r.body); err != nil {
		t.Fatalf("%s over %s: decoding %q: %v", op, w.name, r.body, err)
	}
	return r
}

// members turns the recordings' XML trees into what the other protocols say:
// {member: …} is a list.
func members(node any) any {
	switch v := node.(type) {
	case map[string]any:
		if child, ok := v["member"]; ok && len(v) == 1 {
			if l, ok := child.([]any); ok {
				return members(l)
			}
			return []any{members(child)}
		}
		m := map[string]any{}
		for k, child := range v {
			if !strings.HasPrefix(k, "@") {
				m[k] = members(child)
			}
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, child := range v {
			l[i] = members(child)
		}
		return l
	}
	return node
}

func sortedNames(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
