package client

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

const boardPath = "/api/admin/appointments/board"

// prepare makes once what every request shares.
func (c *Client) prepare(user *url.Userinfo, date string) {
	c.plain = http.Header{
		"Accept":          {"application/json"},
		"Accept-Encoding": {"identity"}, // without it a server may choose any (RFC 9110, 12.5.3)
		"User-Agent":      {"occbench"},
	}
	if user != nil {
		password, _ := user.Password()
		token := base64.StdEncoding.EncodeToString([]byte(user.Username() + ":" + password))
		c.plain["Authorization"] = []string{"Basic " + token}
	}
	c.json = c.plain.Clone()
	c.json["Content-Type"] = []string{"application/json"}
	at := c.base
	at.Path += boardPath
	if date != "" {
		at.RawQuery = "date=" + date
	}
	c.board = c.template(http.MethodGet, &at, nil)
}

// template returns a request without a context. Its headers are shared and
// must not be written to.
func (c *Client) template(method string, at *url.URL, body []byte) *http.Request {
	r := &http.Request{
		Method:     method,
		URL:        at,
		Host:       at.Host,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header:     c.plain,
	}
	if body != nil {
		r.Header = c.json
		r.ContentLength = int64(len(body))
		// A transport that finds its idle connection closed before it wrote a
		// byte sends again over another one, and needs the body anew for that.
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		r.Body, _ = r.GetBody()
	}
	return r
}

// at returns the URL of a path of the API; the path may carry a query.
func (c *Client) at(path string) (*url.URL, error) {
	rel, err := url.Parse(path)
	if err != nil {
		return nil, fmt.Errorf("reading path %q: %w", path, err)
	}
	if rel.Host != "" || rel.Scheme != "" || !strings.HasPrefix(rel.Path, "/") {
		return nil, fmt.Errorf("reading path %q: want a path of %s that begins with a slash", path, c)
	}
	u := c.base
	u.Path += rel.Path
	if rel.RawPath != "" {
		u.RawPath = c.base.Path + rel.RawPath
	}
	u.RawQuery = rel.RawQuery
	return &u, nil
}

// signed returns the request as it is sent, but for its context: signed when the
// client signs. A signer writes into headers and URL, so it gets copies.
func (c *Client) signed(ctx context.Context, r *http.Request, body []byte) (*http.Request, error) {
	if c.sign == nil {
		return r, nil
	}
	r = r.Clone(ctx)
	if err := c.sign(r, body); err != nil {
		return nil, &unsigned{fmt.Errorf("signing %s %s: %w", r.Method, r.URL.Path, err)}
	}
	return r, nil
}

// unsigned is why a request was never sent: it would have been refused.
type unsigned struct{ error }

func (u *unsigned) Unwrap() error { return u.error }
