// Package loopback decides which hosts are this machine, and dials them without a proxy or a name server.
//
// One rule holds wherever a host is trusted for being local: a name that counts
// as local must not be looked up. DNS answers for *.localhost as it likes, and a
// proxy from the environment gets what is meant for localhost. (with a dot).
package loopback

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// IsHost reports whether a host, without its port, is this machine: localhost, a name
// below it, each also with a final dot (RFC 6761), or a loopback address.
func IsHost(host string) bool {
	if IsName(host) {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// IsName reports whether a host is a name of this machine.
func IsName(host string) bool {
	const local = "localhost"
	host = strings.TrimSuffix(host, ".")
	at := len(host) - len(local)
	return at >= 0 && strings.EqualFold(host[at:], local) && (at == 0 || at > 1 && host[at-1] == '.')
}

// IsURL reports whether the host of a URL is this machine.
func IsURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && IsHost(u.Hostname())
}

// DialFunc is the method of a net.Dialer.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// Dial returns a function that dials names of this machine at 127.0.0.1 and then
// at ::1, and leaves all else to dial.
func Dial(dial DialFunc) DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil || !IsName(host) {
			return dial(ctx, network, address)
		}
		conn, err := dial(ctx, network, net.JoinHostPort("127.0.0.1", port))
		if err == nil || ctx.Err() != nil {
			return conn, err
		}
		if conn, other := dial(ctx, network, net.JoinHostPort("::1", port)); other == nil {
			return conn, nil
		}
		return nil, err
	}
}

// ResolveAddress returns an address to listen on with a name of this machine replaced by
// its address.
func ResolveAddress(address string) string {
	if host, port, err := net.SplitHostPort(address); err == nil && IsName(host) {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return address
}

// ProxyFromEnvironment returns what http.ProxyFromEnvironment does, but no proxy for requests to
// this machine.
func ProxyFromEnvironment(r *http.Request) (*url.URL, error) {
	if IsHost(r.URL.Hostname()) {
		return nil, nil
	}
	return http.ProxyFromEnvironment(r)
}

// NewClient returns a client whose requests to this machine stay on it.
func NewClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy, t.DialContext = ProxyFromEnvironment, Dial((&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext)
	return &http.Client{Transport: t}
}
