// Command kubernetes serves the API of Kubernetes for custom resources, from the
// fixtures that Kubernetes tests itself with, on the etcd of
// KUBE_INTEGRATION_ETCD_URL. Requests to the address it is given reach the server
// with its credentials, as through `kubectl proxy`.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/apiextensions-apiserver/test/integration/fixtures"
	"k8s.io/client-go/rest"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: kubernetes HOST:PORT")
	}
	if err := serve(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

// serve answers on addr until the process is told to end.
func serve(addr string) error {
	stop, config, _, err := fixtures.StartDefaultServer(logger{})
	if err != nil {
		return fmt.Errorf("starting the API server: %w", err)
	}
	defer stop()
	proxy, err := newProxy(config)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	failed := make(chan error, 1)
	go func() { failed <- http.Serve(listener, proxy) }()
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	select {
	case <-ended:
		return nil
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	}
}

// newProxy hands requests to the server that config names.
func newProxy(config *rest.Config) (*httputil.ReverseProxy, error) {
	// Client-side throttling is a matter of client-go, and not of this transport.
	transport, err := rest.TransportFor(config)
	if err != nil {
		return nil, fmt.Errorf("making the way to the API server: %w", err)
	}
	host, err := url.Parse(config.Host)
	if err != nil {
		return nil, fmt.Errorf("reading the address of the API server: %w", err)
	}
	return &httputil.ReverseProxy{
		Transport: transport,
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(host) },
	}, nil
}

// logger takes the reports of the fixtures in place of a test.
type logger struct{}

func (logger) Logf(format string, args ...any)   { log.Printf(format, args...) }
func (logger) Errorf(format string, args ...any) { log.Printf(format, args...) }
func (logger) Fatalf(format string, args ...any) { log.Fatalf(format, args...) }
