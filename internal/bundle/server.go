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
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/loopback"
	"github.com/occbench/occbench/internal/settings"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/fault"
)

// Options say what is started.
type Options struct {
	Settings   *settings.Settings
	Addr       string // port 0 is any free one
	Build      string // that the server says to be
	Now        func() time.Time
	Log        *slog.Logger
	Lines      io.Writer     // embedded metrics go here; nil: nothing reads them
	Evaluation time.Duration // between two looks of the local CloudWatch at its alarms; a minute when 0
}

// Server is a reference server that listens.
type Server struct {
	URL    string
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
	faults, err := o.faults(names)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", loopback.Address(o.Addr))
	if err != nil {
		return nil, fmt.Errorf("starting the reference server: %w", err)
	}
	s := &Server{URL: "http://" + listener.Addr().String(), ended: make(chan error, 1)}
	if s.metric, err = o.emission(ctx, loss, endpoint); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	if err := s.start(ctx, listener, o, faults); err != nil {
		return nil, errors.Join(err, listener.Close(), s.metric.close())
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

// Publishes says in words where the metrics of the server go; empty: nowhere.
func (s *Server) Publishes() string { return s.metric.to }

// Place returns where the metrics of the server are found.
func (s *Server) Place() settings.CloudWatch { return s.metric.place }

// Hold stops publishing attempts, and Release goes on with it.
func (s *Server) Hold() { s.metric.held.Store(true) }

// Release goes on with what Hold stopped.
func (s *Server) Release() { s.metric.held.Store(false) }

// Flush publishes the metrics of every attempt that was answered before the
// call.
func (s *Server) Flush(ctx context.Context) error {
	if s.metric.emitter == nil {
		return nil
	}
	return s.metric.emitter.Flush(ctx)
}

func (o Options) faults(names string) (refserver.Faults, error) {
	if names == "" {
		return nil, nil
	}
	set, err := fault.Parse(names, fault.Options{Seed: o.Settings.RandSeed, Now: o.Now})
	if err != nil {
		return nil, exit.Usagef("--fault: %v", err)
	}
	return set, nil
}

func (s *Server) start(ctx context.Context, listener net.Listener, o Options, faults refserver.Faults) error {
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
			Build:   o.Build,
			Logger:  o.Log,
			Now:     o.Now,
			Faults:  faults,
			Hosts:   o.Settings.ServedHosts,
			Observe: s.metric.observe(),
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
	return errors.Join(<-s.ended, s.metric.close(), s.closer())
}
