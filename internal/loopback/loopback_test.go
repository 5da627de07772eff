package loopback

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
)

func TestIs(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "localhost.": true, "shop.localhost": true, "a.b.Localhost.": true,
		"127.0.0.1": true, "127.8.9.1": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, ".": false, ".localhost": false, "localhost..": false, "xlocalhost": false, "localhost.example.org": false,
		"127.0.0.1.": false, "127.0.0.1.example.org": false, "0.0.0.0": false, "::": false, "192.168.1.4": false, "2130706433": false, "127.1": false,
	} {
		if IsHost(host) != want {
			t.Errorf("Is(%q) = %v", host, !want)
		}
	}
}

// TestDial holds that names of this machine are never handed on to be resolved.
func TestDial(t *testing.T) {
	tests := map[string][]string{
		"localhost:80":       {"127.0.0.1:80", "[::1]:80"},
		"Shop.Localhost.:80": {"127.0.0.1:80", "[::1]:80"},
		"127.0.0.1:80":       {"127.0.0.1:80"},
		"shop.example:80":    {"shop.example:80"},
	}
	for address, want := range tests {
		var dialled []string
		_, err := Dial(func(_ context.Context, _, address string) (net.Conn, error) {
			dialled = append(dialled, address)
			return nil, errors.New("refused")
		})(context.Background(), "tcp", address)
		if err == nil || !slices.Equal(dialled, want) {
			t.Errorf("%s: dialled %q, %v; want %q", address, dialled, err, want)
		}
	}
}

func TestAddress(t *testing.T) {
	for address, want := range map[string]string{"localhost.:0": "127.0.0.1:0", "127.0.0.1:1": "127.0.0.1:1", ":80": ":80", "nonsense": "nonsense"} {
		if got := ResolveAddress(address); got != want {
			t.Errorf("Address(%q) = %q, want %q", address, got, want)
		}
	}
}

// TestClient asks a server on this machine by a name that DNS might give away,
// with a proxy in the environment.
func TestClient(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := NewClient().Get("http://occbench.localhost.:" + u.Port())
	if err != nil || resp.StatusCode != http.StatusNotFound {
		t.Fatalf("%v, %v", resp, err)
	}
	resp.Body.Close()
}
