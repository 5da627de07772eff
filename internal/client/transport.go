package client

import (
	"net"
	"net/http"
	"time"

	"github.com/occbench/occbench/internal/loopback"
)

// newTransport returns a transport for many operators on one host: it keeps a
// connection per operator, where http.DefaultTransport keeps two per host and
// would open a new one for nearly every request.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}
	return &http.Transport{
		Proxy:                  loopback.ProxyFromEnvironment,
		DialContext:            loopback.Dial(dialer.DialContext),
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           4096,
		MaxIdleConnsPerHost:    4096,
		IdleConnTimeout:        60 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
		// The board of a few dozen records is read faster than it is inflated.
		DisableCompression: true,
	}
}

// CloseIdle closes the connections that are not in use.
func (c *Client) CloseIdle() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}
