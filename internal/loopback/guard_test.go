package loopback

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
)

func TestGuard(t *testing.T) {
	g := NewGuard("Shop.example.", "server")
	at := context.WithValue(context.Background(), http.LocalAddrContextKey, net.Addr(&net.TCPAddr{IP: net.IPv4(192, 168, 1, 4), Port: 8080}))
	tests := []struct {
		name, method, host string
		header             map[string]string
		want               error
	}{
		{"a client", "POST", "127.0.0.1:8080", nil, nil},
		{"a client by name", "POST", "localhost.:8080", nil, nil},
		{"IPv6", "GET", "[::1]:8080", nil, nil},
		{"IPv6 without a port", "GET", "[::1]", nil, nil},
		{"no host", "GET", "", nil, nil},
		{"a declared host", "POST", "shop.example", nil, nil},
		{"another declared host", "GET", "server:8080", nil, nil},
		{"the address it came to", "GET", "192.168.1.4:8080", nil, nil},
		{"another address", "GET", "192.168.1.5:8080", nil, new(ForeignHost)},
		{"rebinding", "GET", "evil.example:8080", nil, new(ForeignHost)},
		{"a host that looks local", "GET", "localhost.evil.example", nil, new(ForeignHost)},
		{"the board", "POST", "127.0.0.1:8080", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8080"}, nil},
		{"the board in an old browser", "POST", "127.0.0.1:8080", map[string]string{"Origin": "http://127.0.0.1:8080"}, nil},
		{"a user's own address line", "POST", "127.0.0.1:8080", map[string]string{"Sec-Fetch-Site": "none"}, nil},
		{"another page writes", "POST", "127.0.0.1:8080", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, new(CrossOrigin)},
		{"another port writes", "POST", "127.0.0.1:8080", map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:9090"}, new(CrossOrigin)},
		{"another page writes, old browser", "POST", "127.0.0.1:8080", map[string]string{"Origin": "https://evil.example"}, new(CrossOrigin)},
		{"a page in a sandbox writes", "DELETE", "127.0.0.1:8080", map[string]string{"Origin": "null"}, new(CrossOrigin)},
		{"another page reads", "GET", "127.0.0.1:8080", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, nil}, // it gets no answer without CORS
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(at, tt.method, "http://x/", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = tt.host
			for name, value := range tt.header {
				r.Header.Set(name, value)
			}
			got := g.Check(r)
			var host *ForeignHost
			var origin *CrossOrigin
			_, wantHost := tt.want.(*ForeignHost)
			_, wantOrigin := tt.want.(*CrossOrigin)
			if errors.As(got, &host) != wantHost || errors.As(got, &origin) != wantOrigin {
				t.Errorf("%v, want %T", got, tt.want)
			}
		})
	}
}
