package client

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/occbench/occbench/internal/api"
)

// buildCall returns a request of the API file with its values.
func (c *Client) buildCall(r *api.Request, v *api.Vars) (call, error) {
	at, err := r.URL(&c.base, v)
	if err != nil {
		return call{}, err
	}
	var body []byte
	if r.HasBody() {
		if body, err = r.AppendBody(make([]byte, 0, 80), v); err != nil {
			return call{}, err
		}
	}
	made := call{request: c.newTemplate(r.Method, at, body), body: body}
	if own := r.Headers(); len(own) > 0 {
		header := make(http.Header, len(made.request.Header)+len(own))
		maps.Copy(header, made.request.Header) // their values are never written to
		made.request.Header = header
		err = addHeaders(header, own, v)
	}
	return made, err
}

// resolveURL returns the URL of a path of the API; the path may carry a query.
func (c *Client) resolveURL(path string) (*url.URL, error) {
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
