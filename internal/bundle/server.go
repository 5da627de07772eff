// Package bundle starts what comes with occbench: the reference server, correct
// or broken as asked, and a local CloudWatch beside it.
//
// Its opinion: a demonstration that needs an account is none. The server says of
// itself what a deployed one would say, to a CloudWatch of the same process.
package bundle

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/loopback"
	"github.com/occbench/occbench/internal/settings"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/fault"
)

// Server is a reference server that listens.
type Server struct {
	URL    string
	API    string // that it speaks
	metric *emission
	stop   context.CancelFunc
	ended  chan error
	closer func() error
}

// Serve starts the reference server that the settings describe.
func Serve(ctx context.Context, o Options) (*Server, error) {
	names, endpoint, err := splitEndpoint(o.Settings.Fault)
	if err != nil {
		return nil, err
	}
	names, loss, err := splitLoss(names)
	if err != nil {
		return nil, err
	}
	speaks, err := o.chooseAPI()
	if err != nil {
		return nil, err
	}
	faults, err := o.parseFaults(names, speaks)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", loopback.ResolveAddress(o.Addr))
	if err != nil {
		return nil, fmt.Errorf("starting the reference server: %w", err)
	}
	s := &Server{URL: "http://" + listener.Addr().String(), API: speaks, ended: make(chan error, 1)}
	if s.metric, err = o.startEmission(ctx, loss, endpoint); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	if err := s.startServing(ctx, listener, o, speaks, faults); err != nil {
		return nil, errors.Join(err, listener.Close(), s.metric.closeAll())
	}
	return s, nil
}

// CloudWatch returns the address of the local CloudWatch endpoint beside the
// server; empty: there is none.
func (s *Server) CloudWatch() string {
	if s.metric.endpoint == nil {
		return ""
	}
	return s.metric.endpoint.URL
}

// DescribeMetrics says in words where the metrics of the server go; "" where none are published.
func (s *Server) DescribeMetrics() string { return s.metric.to }

// Place returns where the metrics of the server are found.
func (s *Server) Place() settings.CloudWatch { return s.metric.place }

// PauseMetrics stops publishing attempts until ResumeMetrics is called.
func (s *Server) PauseMetrics() { s.metric.held.Store(true) }

// ResumeMetrics publishes attempts again, after PauseMetrics.
func (s *Server) ResumeMetrics() { s.metric.held.Store(false) }

// Flush publishes the metrics of every attempt that was answered before the
// call.
func (s *Server) Flush(ctx context.Context) error {
	if s.metric.emitter == nil {
		return nil
	}
	return s.metric.emitter.Flush(ctx)
}

// chooseAPI returns what the server is to speak, by the name that the API file of the
// settings gives itself.
func (o Options) chooseAPI() (string, error) {
	speaks, err := o.Settings.LoadAPI()
	if err != nil {
		return "", err
	}
	if !slices.Contains(fault.APIs(), speaks.Name) {
		return "", exit.Usagef("--api %s: occbench's own server speaks %s; for another API, say with --target URL where a server of it is",
			speaks.Name, strings.Join(fault.APIs(), " and "))
	}
	return speaks.Name, nil
}

func (o Options) parseFaults(names, api string) (refserver.Faults, error) {
	if names == "" {
		return nil, nil
	}
	set, err := fault.Parse(names, fault.Options{API: api, Seed: o.Settings.RandSeed, Now: o.Now})
	if err != nil {
		return nil, exit.Usagef("--fault: %v", err)
	}
	return set, nil
}

func (s *Server) startServing(ctx context.Context, listener net.Listener, o Options, api string, faults refserver.Faults) error {
	if err := CheckStore(o.Settings.Store, o.Settings.DatabaseURL); err != nil {
		return err
	}
	store, err := refserver.OpenStore(ctx, o.Settings.Store, o.Settings.DatabaseURL)
	if err != nil {
		return fmt.Errorf("starting the reference server: %w", err)
	}
	server, err := refserver.New(
		refserver.Options{
			Store:   store,
			API:     api,
			Build:   o.Build,
			Logger:  o.Log,
			Now:     o.Now,
			Faults:  faults,
			Hosts:   o.Settings.ServedHosts,
			Observe: s.metric.observer(),
		},
	)
	if err != nil {
		return errors.Join(fmt.Errorf("starting the reference server: %w", err), store.Close())
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop, s.closer = stop, store.Close
	go func() { s.ended <- server.Serve(serving, listener) }()
	return nil
}

// CheckStore refuses a URL that belongs to the other store.
func CheckStore(store, databaseURL string) error {
	postgres := strings.HasPrefix(databaseURL, "postgres://") || strings.HasPrefix(databaseURL, "postgresql://")
	switch {
	case store == "postgres" && !postgres:
		return exit.Usagef("--store postgres needs --database-url postgres://user@host/database")
	case store == "sqlite" && postgres:
		return exit.Usagef("--database-url is a PostgreSQL URL, but the store is sqlite; add --store postgres")
	}
	return nil
}

// Ended tells once why the server stopped serving.
func (s *Server) Ended() <-chan error { return s.ended }

// Stop finishes the requests in flight, publishes the last metrics, then closes
// the store.
func (s *Server) Stop() error {
	s.stop()
	return errors.Join(<-s.ended, s.metric.closeAll(), s.closer())
}
