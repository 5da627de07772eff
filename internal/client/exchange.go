package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/occbench/occbench/internal/history"
)

// nameCall returns method and URL.
func (c *Client) nameCall(made *call) string {
	if made.request != nil {
		return made.request.Method + " " + made.request.URL.String()
	}
	method, rest, _ := strings.Cut(string(made.text), " ")
	target, _, _ := strings.Cut(rest, " ")
	return method + " " + c.base.Scheme + "://" + c.base.Host + target
}

// exchange sends a request and reads its answer wholly into a room. The clock,
// and the timeout, start after signing, which may have to fetch new credentials;
// the clock stops with the last byte.
//
// An error means that there is no complete answer; status is then 0, unless the
// answer came and its body cannot be read (Trouble).
func (c *Client) exchange(ctx context.Context, made call, mem *room) (reply, error) {
	made, err := c.signCall(ctx, made)
	return c.sendSigned(ctx, made, err, mem)
}

// sendSigned is exchange after signing, which may have failed.
func (c *Client) sendSigned(ctx context.Context, made call, err error, mem *room) (reply, error) {
	if err != nil {
		now := c.clock()
		return reply{start: now, end: now}, err
	}
	limited, cancel := c.newCallContext(ctx, mem)
	defer cancel()
	got, err := c.send(limited, made, mem)
	c.tally.countCall(c.api.Build, made.update, &got, err)
	if err != nil {
		return got, c.explainError(limited, &made, err)
	}
	return got, nil
}

func (c *Client) send(ctx context.Context, made call, mem *room) (reply, error) {
	got := reply{start: c.clock(), end: history.None}
	var err error
	if made.wire != nil {
		err = c.transport.(*Direct).exchangeWired(ctx, c.address, &made, mem, c.limitOf(made), &got)
	} else {
		err = c.roundTrip(ctx, &made, mem, &got)
	}
	if err == nil && got.status < 100 {
		err = fmt.Errorf("HTTP status %03d does not exist", got.status)
	}
	if err != nil && (got.status == 0 || !errors.As(err, new(Trouble))) { // a connection that closed is a Trouble, too, and no answer
		return reply{start: got.start, end: history.None}, err
	}
	got.end = c.clock()
	c.hideInReply(&got)
	return got, err
}

func (c *Client) roundTrip(ctx context.Context, made *call, mem *room, got *reply) error {
	resp, err := c.transport.RoundTrip(made.request.WithContext(ctx))
	if err != nil {
		return err
	}
	got.status, got.header = resp.StatusCode, resp.Header
	got.body, err = readBody(ctx, resp, mem, c.limitOf(*made))
	return err
}

// explainError says which call failed, and why. A transport words a timeout in
// different ways, depending on how far the call came.
func (c *Client) explainError(ctx context.Context, made *call, err error) error {
	cause := context.Cause(ctx)
	if _, only := ctx.(*deadline); only && cause != nil {
		cause = errTimeout
	}
	if cause == errTimeout && !errors.As(err, new(Trouble)) {
		err = fmt.Errorf("no complete answer within %s: %w", c.timeout, context.DeadlineExceeded)
	}
	return fmt.Errorf("sending %s: %w", c.nameCall(made), c.hideInError(err))
}

// isDirect reports whether the client sends its calls through a Direct.
func (c *Client) isDirect() bool {
	d, ok := c.transport.(*Direct)
	return ok && d.isPlainHTTP(&http.Request{URL: &c.base})
}

// newCallContext returns the context of a call, which ends after the timeout.
func (c *Client) newCallContext(ctx context.Context, mem *room) (context.Context, context.CancelFunc) {
	if c.direct && ctx.Done() == nil {
		mem.limit = deadline{ctx, now(), c.timeout}
		return &mem.limit, func() {}
	}
	return context.WithTimeoutCause(ctx, c.timeout, errTimeout)
}

// limitOf returns the limit of the answer to a call.
func (c *Client) limitOf(made call) bodyLimit {
	if made.update {
		return c.update
	}
	return c.read
}

// newTemplate returns a request without a context. Its headers are shared and
// must not be written to.
func (c *Client) newTemplate(method string, at *url.URL, body []byte) *http.Request {
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

// signCall returns the call with a signature when the client signs. A signer
// writes into headers and URL, so it gets copies of them.
func (c *Client) signCall(ctx context.Context, made call) (call, error) {
	if c.sign == nil { // as it is for what is wired
		return made, nil
	}
	r := made.request.Clone(ctx)
	if err := c.sign(r, made.body); err != nil {
		return made, &unsigned{fmt.Errorf("signing %s %s: %w", r.Method, r.URL.Path, err)}
	}
	made.request = r
	return made, nil
}

// unsigned is why a request was never sent: it would have been refused.
type unsigned struct{ error }

func (u *unsigned) Unwrap() error { return u.error }
