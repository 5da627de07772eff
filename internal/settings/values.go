package settings

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/occbench/occbench/internal/loopback"
	"github.com/occbench/occbench/internal/run"
)

func newHostsParser(field func(*Settings) *[]string) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		var all []string
		for _, h := range strings.Split(v, ",") {
			if h = strings.TrimSpace(h); h == "" || strings.ContainsAny(h, "/@ ") {
				return fmt.Errorf("%q is not a host name such as shop.example.org", h)
			}
			all = append(all, h)
		}
		*field(s) = all
		return nil
	}
}

// checkAddress refuses what is not an address to listen on; port 0 is any free one.
func checkAddress(text string) error {
	_, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("%q is not an address such as 127.0.0.1:8080", text)
	}
	return nil
}

// newLoopbackCodec returns the codec of an address of this machine: the
// endpoint checks no credentials.
func newLoopbackCodec() run.Codec[string] {
	c := run.NewTextCodec()
	c.Parse = func(text string) (string, error) {
		host, _, err := net.SplitHostPort(text)
		if err != nil {
			return "", fmt.Errorf("%q is not an address such as 127.0.0.1:0", text)
		}
		if !loopback.IsHost(host) {
			return "", fmt.Errorf("%q is not an address of this machine such as 127.0.0.1:0; the endpoint checks no credentials", text)
		}
		return loopback.ResolveAddress(text), nil
	}
	return c
}

// newEndpointCodec returns the codec of the URL that replaces the endpoint of
// an AWS service; slashes at its end are removed.
func newEndpointCodec() run.Codec[string] {
	c := run.NewTextCodec()
	c.Parse = func(text string) (string, error) {
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" ||
			u.Fragment != "" {
			return "", fmt.Errorf("the value is not a base URL such as http://127.0.0.1:4566, without credentials")
		}
		return strings.TrimRight(text, "/"), nil
	}
	return c
}
