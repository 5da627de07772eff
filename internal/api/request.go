package api

import (
	"bytes"
	"encoding/hex"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Request is one call of the file.
type Request struct {
	Method    string
	Line, Col int // where the file describes it
	path      template
	body      *template // nil: without a body
	headers   []Header
}

// Header is one header of a request.
type Header struct {
	Name  string
	value template
}

// Append appends the value of the header.
func (h *Header) Append(dst []byte, v *Vars) ([]byte, error) { return h.value.append(dst, v) }

// Template returns path and query as the file has them.
func (r *Request) Template() string { return r.path.source }

// Pattern returns an expression for how the paths of this request end, with any
// value in the place of each: from the record's id on or, where nothing follows the
// id, the whole path.
func (r *Request) Pattern() *regexp.Regexp {
	const value = "\x00"
	text := ""
	for _, p := range r.path.parts {
		if p.name == "id" && !strings.Contains(text, "?") {
			text += "\x01" // from here on
		}
		if text += p.literal; p.name != "" {
			text += value
		}
	}
	text, _, _ = strings.Cut(text, "?")
	if _, after, found := strings.Cut(text, "\x01"); found && after != value {
		text = after
	}
	text = strings.Trim(strings.ReplaceAll(text, "\x01", ""), "/")
	return regexp.MustCompile("(?:^|/)" + strings.ReplaceAll(regexp.QuoteMeta(text), value, "[^/]+") + "$")
}

// header returns a header of this request alone, or nil.
func (r *Request) header(name string) *Header {
	for i := range r.headers {
		if r.headers[i].Name == name {
			return &r.headers[i]
		}
	}
	return nil
}

// Uses reports whether the request sends a value, such as the token.
func (r *Request) Uses(name string) bool {
	for i := range r.headers {
		if r.headers[i].value.uses(name) {
			return true
		}
	}
	return r.path.uses(name) || r.body != nil && r.body.uses(name)
}

// Headers returns the headers of this request alone.
func (r *Request) Headers() []Header { return r.headers }

// HasBody reports whether the request has a body.
func (r *Request) HasBody() bool { return r.body != nil }

// AppendBody appends the body.
func (r *Request) AppendBody(dst []byte, v *Vars) ([]byte, error) {
	if r.body == nil {
		return dst, nil
	}
	return r.body.append(dst, v)
}

// AppendPath appends path and query, relative to the target and escaped; it
// begins with a slash.
func (r *Request) AppendPath(dst []byte, v *Vars) ([]byte, error) { return r.path.append(dst, v) }

// URL returns the URL of the request below a base whose path ends without a
// slash. A parameter of the query that has no value is left out: what it asks for
// is the server's default.
func (r *Request) URL(base *url.URL, v *Vars) (*url.URL, error) {
	text, err := r.AppendPath(v.text[:0], v)
	if err != nil {
		return nil, err
	}
	u := *base
	path, query, _ := strings.Cut(string(text), "?")
	u.RawQuery = removeEmpty(query)
	plain, err := url.PathUnescape(path)
	if err != nil {
		return nil, err
	}
	if plain != path {
		u.RawPath = u.EscapedPath() + path
	}
	u.Path += plain
	return &u, nil
}

// AppendTarget appends path and query as URL has them, in the form in which they are sent;
// ok is false where that takes a URL to say.
func (r *Request) AppendTarget(dst []byte, v *Vars) (text []byte, ok bool) {
	from := len(dst)
	text, err := r.AppendPath(dst, v)
	if err != nil {
		return dst, false
	}
	path, query, _ := bytes.Cut(text[from:], []byte("?"))
	for i, b := range path {
		if !isPlain(b) && b != '/' && !(b == '%' && isEscape(path[i:])) {
			return dst, false
		}
	}
	for _, b := range query {
		if b <= ' ' || b >= 0x7f || b == '#' {
			return dst, false
		}
	}
	return text, !bytes.HasSuffix(query, []byte("=")) && !bytes.Contains(query, []byte("=&"))
}

// isEscape reports whether a text begins with an escape of a path, such as %2F.
func isEscape(text []byte) bool {
	if len(text) < 3 {
		return false
	}
	_, err := hex.Decode(make([]byte, 1), text[1:3])
	return err == nil
}

// removeEmpty returns a query without the parameters that end in =.
func removeEmpty(query string) string {
	if !strings.HasSuffix(query, "=") && !strings.Contains(query, "=&") {
		return query
	}
	parameters := slices.DeleteFunc(strings.Split(query, "&"), func(p string) bool { return strings.HasSuffix(p, "=") })
	return strings.Join(parameters, "&")
}

// methods are those of a call, each by its name in small letters.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "MKCOL", "PROPFIND"}

// request takes the keys of a call out of an object, and hands the others on. The
// texts in its vars are named in all of them.
func (l *loader) request(n *yaml.Node, rest keys) Request {
	at := resolveAlias(n)
	r := Request{Line: at.Line, Col: at.Column}
	defer func(outside names) { l.names = outside }(l.names)
	l.vars(at)
	for _, method := range methods {
		rest[strings.ToLower(method)] = func(n *yaml.Node) {
			if r.Method != "" {
				l.fail(n, "there is a %s already; a call has one method", r.Method)
			}
			r.Method, r.path = method, l.path(n)
		}
	}
	rest["body"] = func(n *yaml.Node) {
		t := l.document(n)
		r.body = &t
	}
	rest["headers"] = func(n *yaml.Node) { r.headers = l.headers(n) }
	rest["vars"] = func(*yaml.Node) {} // above
	l.object(at, rest)
	if r.Method == "" {
		l.fail(at, "it has no method; want one of %s with a path", strings.ToLower(strings.Join(methods, ", ")))
	}
	if r.body != nil && !r.body.json && r.header("Content-Type") == nil {
		r.headers = append(r.headers, Header{Name: "Content-Type", value: newLiteral("text/plain; charset=utf-8")})
	}
	return r
}

// vars makes the texts known that a call names for itself.
func (l *loader) vars(call *yaml.Node) {
	if call.Kind != yaml.MappingNode {
		return // which is an error of its own
	}
	own := l.names.add()
	for i := 0; i+1 < len(call.Content); i += 2 {
		if call.Content[i].Value == "vars" {
			l.each(call.Content[i+1], func(key, value *yaml.Node) {
				t := l.document(value)
				own[key.Value] = &t
			})
		}
	}
	l.names = own
}

// path reads the path and query of a call.
func (l *loader) path(n *yaml.Node) template {
	t := l.template(n, inPath)
	if !strings.HasPrefix(t.source, "/") {
		l.fail(n, "%q is no path of the target; it begins with a slash", t.source)
	}
	return t
}

// document reads a text that is JSON when it begins like JSON.
func (l *loader) document(n *yaml.Node) template {
	first, text := inText, strings.TrimSpace(resolveAlias(n).Value)
	if inner, ok := cutPlaceholder(text); ok {
		name, _, _ := strings.Cut(inner, "|")
		if t := l.names[name]; t != nil && t.json {
			first = inJSON
		}
	} else if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		first = inJSON
	}
	t := l.template(n, first)
	t.json = first == inJSON
	return t
}

func (l *loader) headers(n *yaml.Node) []Header {
	var all []Header
	l.each(n, func(key, value *yaml.Node) {
		all = append(all, Header{Name: canonicalizeHeader(key.Value), value: l.template(value, inHeader)})
	})
	return all
}

// header reads a place that is a header.
func (l *loader) header(n *yaml.Node) string {
	p := l.place(n, l.text(n), newAnswer())
	if p.header == "" {
		l.fail(n, "%q is no header:NAME", p.source)
	}
	return p.header
}
