package pipeline

import "testing"

func TestCheckHost(t *testing.T) {
	cases := []struct {
		name, target string
		allowed      []string
		ok           bool
	}{
		{"loopback address", "http://127.0.0.1:8080", nil, true},
		{"another loopback address", "http://127.8.9.1", nil, true},
		{"loopback in IPv6", "http://[::1]:8080", nil, true},
		{"localhost", "https://LOCALHOST./x", nil, true},
		{"under localhost", "http://shop.localhost", nil, true},
		{"private network", "http://192.168.1.4", nil, false},
		{"a name", "https://shop.example.org", nil, false},
		{"a name that looks local", "http://localhost.example.org", nil, false},
		{"a name that begins like an address", "http://127.0.0.1.example.org", nil, false},
		{"host in the userinfo", "http://127.0.0.1@shop.example.org", nil, false},
		{"allowed", "https://Shop.example.org:8443", []string{"shop.example.org"}, true},
		{"another one allowed", "https://shop.example.org", []string{"example.org"}, false},
		{"all addresses", "http://0.0.0.0:8080", nil, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if err := checkHost(c.target, c.allowed); (err == nil) != c.ok {
				t.Errorf("checkHost(%q, %v) = %v", c.target, c.allowed, err)
			}
		})
	}
}
