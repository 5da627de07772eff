package client

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
)

// UnknownRoute explains API Gateway's 403 for a path or a method that it does not
// know; "" for any other answer. The same answer stands for a signature that is
// missing, so both are named, the likelier first.
func (c *Client) UnknownRoute(status int, header http.Header, body []byte) string {
	const missing = "Missing Authentication Token"
	if status != http.StatusForbidden ||
		header.Get("X-Amzn-Errortype") != "MissingAuthenticationTokenException" &&
			!bytes.Contains(body[:min(len(body), 1024)], []byte(missing)) {
		return ""
	}
	route := "the stage or another part of the path may be missing in the target (https://ID.execute-api.REGION.amazonaws.com/STAGE)"
	signature := "the route may want a signature (--auth sigv4)"
	first, second := signature, route
	if c.sign != nil || strings.Contains(c.base.Hostname(), ".execute-api.") {
		first, second = route, signature
	}
	return "HTTP 403 " + missing + ", API Gateway's answer for a path or method that it does not know and for a request without a " +
		"signature: " +
		first + ", or " + second
}

// unknownRoute is UnknownRoute of a reply.
func (c *Client) unknownRoute(got *reply) string {
	if got.status != http.StatusForbidden {
		return ""
	}
	return c.UnknownRoute(got.status, got.headers(), got.body)
}

func (c *Client) explainRoute(got *reply) error {
	if words := c.unknownRoute(got); words != "" {
		return errors.New("the target answered " + words)
	}
	return nil
}
