package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"

	"github.com/occbench/occbench/internal/loopback"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/fault"
)

// Server is a reference server that listens.
type Server struct {
	URL    string
	metric *emission
	stop   context.CancelFunc
	ended  chan error
	closer func() error
}

// Serve starts the reference server that the settings describe on an address;
// port 0 is any free one.
func (p *Pipeline) Serve(ctx context.Context, addr string, log *slog.Logger) (*Server, error) {
	names, endpoint, err := splitEndpoint(p.Settings.Fault)
	if err != nil {
		return nil, err
	}
	names, loss, err := splitLoss(names)
	if err != nil {
		return nil, err
	}
	faults, err := p.faults(names)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", loopback.Address(addr))
	if err != nil {
		return nil, fmt.Errorf("starting the reference server: %w", err)
	}
	s := &Server{URL: "http://" + listener.Addr().String(), ended: make(chan error, 1)}
	if s.metric, err = p.emission(ctx, loss, endpoint, log); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	if err := s.start(ctx, listener, p, faults, log); err != nil {
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

// Flush publishes the metrics of every attempt that was answered before the
// call.
func (s *Server) Flush(ctx context.Context) error {
	if s.metric.emitter == nil {
		return nil
	}
	return s.metric.emitter.Flush(ctx)
}

func (p *Pipeline) faults(names string) (refserver.Faults, error) {
	if names == "" {
		return nil, nil
	}
	set, err := fault.Parse(names, fault.Options{Seed: p.Settings.RandSeed, Now: p.Now})
	if err != nil {
		return nil, &UsageError{"--fault: " + err.Error()}
	}
	return set, nil
}

func (s *Server) start(ctx context.Context, listener net.Listener, p *Pipeline, faults refserver.Faults, log *slog.Logger) error {
	if err := CheckStore(p.Settings.Store, p.Settings.DatabaseURL); err != nil {
		return err
	}
	store, err := refserver.OpenStore(ctx, p.Settings.Store, p.Settings.DatabaseURL)
	if err != nil {
		return fmt.Errorf("starting the reference server: %w", err)
	}
	server, err := refserver.New(refserver.Options{Store: store, Build: p.Version, Logger: log, Now: p.Now, Faults: faults, Hosts: p.Settings.ServedHosts, Observe: s.metric.observe()})
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
		return &UsageError{"--store postgres needs --database-url postgres://user@host/database"}
	case store == "sqlite" && postgres:
		return &UsageError{"--database-url is a PostgreSQL URL, but the store is sqlite; add --store postgres"}
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
