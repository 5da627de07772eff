// Package client is the client of an API with versioned updates: one call, one
// classified outcome.
//
// What is particular to the API (paths, field names, codes) comes from its compiled
// file, so that nothing above needs to know how a conflict looks on the wire. It
// trusts nothing that a target sends: bodies are limited, a
// redirect is an answer and never followed, cookies are ignored, and an answer
// that lacks what the API file promises is malformed, not guessed at. It never
// sends a request twice: whether to try again is the caller's decision.
package client

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/occbench/occbench/internal/api"
)

// Config says which target to talk to, and how.
type Config struct {
	// API describes the target; required.
	API *api.API
	// Target is the base URL, such as http://127.0.0.1:8080 or
	// https://user:password@shop.example/stage. Credentials in it are sent as
	// basic authentication and shown nowhere.
	Target string
	// Date is the day whose list is read, YYYY-MM-DD, where the API has days; empty:
	// the server's default.
	Date string
	// Tag marks the records of the run, where requests name it.
	Tag string
	// Transport sends the requests; nil: a transport of the client's own, made
	// for many operators on one host. Its RoundTrip is called directly.
	Transport http.RoundTripper
	// Timeout bounds each call from sending to the last byte of the answer, within Longest;
	// 0: run's default, as of the body limits.
	Timeout time.Duration
	// Sign, when set, authenticates a request; it is the last to touch it
	// before it is sent, and gets the body that will be sent. What it costs is
	// not part of the latency.
	Sign func(r *http.Request, body []byte) error
	// Hide, when set, overwrites secrets in what a target answers, before
	// it is read: a target may quote the request that it refuses.
	Hide func(text []byte)
	// Clock tells the time in ns of one monotonic clock; nil: ns since New.
	Clock func() int64
	// UpdateLimit and ListLimit are the sizes in bytes that the body of an answer
	// may have, to a write and to a read; 0: the default.
	UpdateLimit, ListLimit int64
	// Tally, when set, counts what a history does not tell of the answers.
	Tally *Tally
}

// String shows the configuration without credentials.
func (c Config) String() string {
	return fmt.Sprintf("{%s %s %s}", Redact(c.Target), c.Date, c.Timeout)
}

// GoString is String: a Config printed with %#v shows no credentials either.
func (c Config) GoString() string { return "client.Config" + c.String() }

// Client talks to one target. Any number of operators may share it.
type Client struct {
	base      url.URL // without credentials, path without a trailing slash
	transport http.RoundTripper
	direct    bool // the transport is a Direct, and needs no fallback
	timeout   time.Duration
	update    bodyLimit // of the answer to a write
	read      bodyLimit // of the answer to a read
	tally     *Tally
	sign      func(*http.Request, []byte) error
	hide      func([]byte)
	clock     func() int64
	api       *api.API
	date      string
	tag       string
	list      *http.Request // the list's request, but for its context; nil where the API has no list
	address   string        // of the target, host and port
	wires     wires
	plain     http.Header // headers of a call without a body
	json      http.Header // headers of a call with a body
}

// WithTransport returns a client that sends over another transport and shares
// everything else with c.
func (c *Client) WithTransport(transport http.RoundTripper) *Client {
	other := *c
	other.transport = transport
	if other.direct = other.isDirect(); !other.direct {
		other.wires = wires{}
	}
	return &other
}

// String names the target, without credentials.
func (c *Client) String() string { return c.base.String() }

// GoString is String: a Client printed with %#v shows no credentials either.
func (c *Client) GoString() string { return "client.Client{" + c.String() + "}" }

// API returns the API of the target.
func (c *Client) API() *api.API { return c.api }

// Clock returns the time of the clock that answers are stamped with.
func (c *Client) Clock() int64 { return c.clock() }
