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

	"github.com/occbench/occbench/internal/api"
)

// prepare makes once what every request shares.
func (c *Client) prepare(user *url.Userinfo) error {
	c.plain = http.Header{
		"Accept-Encoding": {"identity"}, // without it a server may choose any (RFC 9110, 12.5.3)
	}
	if err := fill(c.plain, c.api.Headers, &api.Vars{Date: c.date}); err != nil {
		return err
	}
	if user != nil {
		password, _ := user.Password()
		token := base64.StdEncoding.EncodeToString([]byte(user.Username() + ":" + password))
		c.plain["Authorization"] = []string{"Basic " + token}
	}
	c.json = c.plain.Clone()
	c.json["Content-Type"] = []string{"application/json"}
	var err error
	c.list, _, err = c.request(&c.api.List.Request, &api.Vars{Date: c.date})
	return err
}

// fill adds headers with their values.
func fill(to http.Header, headers []api.Header, v *api.Vars) error {
	for i := range headers {
		value, err := headers[i].Append(nil, v)
		if err != nil {
			return err
		}
		to[headers[i].Name] = []string{string(value)}
	}
	return nil
}

// request returns a request of the API file with its values, and its body.
func (c *Client) request(r *api.Request, v *api.Vars) (*http.Request, []byte, error) {
	at, err := r.URL(&c.base, v)
	if err != nil {
		return nil, nil, err
	}
	var body []byte
	if r.HasBody() {
		if body, err = r.AppendBody(make([]byte, 0, 80), v); err != nil {
			return nil, nil, err
		}
	}
	request := c.template(r.Method, at, body)
	if own := r.Headers(); len(own) > 0 {
		request.Header = request.Header.Clone()
		err = fill(request.Header, own, v)
	}
	return request, body, err
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
