package loopback

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
)

// Guard keeps the pages of others away from a server on this machine: a browser
// sends what any page asks it to send.
type Guard struct {
	hosts   []string
	origins *http.CrossOriginProtection
}

// NewGuard returns a guard of a server that answers under the names of this
// machine, under the address that a connection came to, and under hosts.
func NewGuard(hosts ...string) *Guard {
	g := &Guard{origins: http.NewCrossOriginProtection()}
	for _, h := range hosts {
		g.hosts = append(g.hosts, normalizeHost(h))
	}
	return g
}

// ForeignHost is a Host header with a name that is not the server's. A page whose
// own name was made to resolve to this machine (DNS rebinding) sends one.
type ForeignHost struct{ Host string }

func (e *ForeignHost) Error() string {
	return fmt.Sprintf("the Host %.100q is none of this server", e.Host)
}

// CrossOrigin is a write that a page of another origin asked for.
type CrossOrigin struct{ Origin string }

func (e *CrossOrigin) Error() string {
	return fmt.Sprintf("a page of another origin (%.100q) must not write here", e.Origin)
}

// Check returns a *ForeignHost or a *CrossOrigin for a request that must be
// refused. One without a Host (HTTP/1.0) or without an Origin comes from no
// browser.
func (g *Guard) Check(r *http.Request) error {
	if host := cutHost(r.Host); host != "" && !IsHost(host) && !slices.Contains(g.hosts, normalizeHost(host)) &&
		host != localAddress(r.Context()) {
		return &ForeignHost{r.Host}
	}
	if g.origins.Check(r) != nil {
		return &CrossOrigin{r.Header.Get("Origin")}
	}
	return nil
}

// Wrap answers 403 to what Check refuses.
func (g *Guard) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := g.Check(r); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// cutHost returns a Host header without its port and brackets.
func cutHost(header string) string {
	if host, _, err := net.SplitHostPort(header); err == nil {
		return host
	}
	return strings.Trim(header, "[]")
}

func normalizeHost(host string) string { return strings.TrimSuffix(strings.ToLower(host), ".") }

// localAddress returns the address of the server that a connection came to.
func localAddress(ctx context.Context) string {
	if at, ok := ctx.Value(http.LocalAddrContextKey).(net.Addr); ok {
		return cutHost(at.String())
	}
	return ""
}
