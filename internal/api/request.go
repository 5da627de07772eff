package api

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Request is one call of the file.
type Request struct {
	Method  string
	path    template
	body    *template // nil: without a body
	headers []Header
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
	u.RawQuery = withoutEmpty(query)
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

// withoutEmpty returns a query without the parameters that end in =.
func withoutEmpty(query string) string {
	if !strings.HasSuffix(query, "=") && !strings.Contains(query, "=&") {
		return query
	}
	parameters := slices.DeleteFunc(strings.Split(query, "&"), func(p string) bool { return strings.HasSuffix(p, "=") })
	return strings.Join(parameters, "&")
}
