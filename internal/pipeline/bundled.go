package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/fault"
)

// Server is a reference server that listens.
type Server struct {
	URL    string
	stop   context.CancelFunc
	ended  chan error
	closer func() error
}

// Serve starts the reference server that the settings describe on an address;
// port 0 is any free one.
func (p *Pipeline) Serve(ctx context.Context, addr string, log *slog.Logger) (*Server, error) {
	faults, err := p.faults()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("starting the reference server: %w", err)
	}
	s := &Server{URL: "http://" + listener.Addr().String(), ended: make(chan error, 1)}
	if err := s.start(ctx, listener, p, faults, log); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return s, nil
}

func (p *Pipeline) faults() (refserver.Faults, error) {
	if p.Settings.Fault == "" {
		return nil, nil
	}
	set, err := fault.Parse(p.Settings.Fault, fault.Options{Seed: p.Settings.RandSeed, Now: p.Now})
	if err != nil {
		return nil, &UsageError{"--fault: " + err.Error()}
	}
	return set, nil
}

func (s *Server) start(ctx context.Context, listener net.Listener, p *Pipeline, faults refserver.Faults, log *slog.Logger) error {
	if err := checkStore(p.Settings.Store, p.Settings.DatabaseURL); err != nil {
		return err
	}
	store, err := refserver.OpenStore(ctx, p.Settings.Store, p.Settings.DatabaseURL)
	if err != nil {
		return fmt.Errorf("starting the reference server: %w", err)
	}
	server, err := refserver.New(refserver.Options{Store: store, Build: p.Version, Logger: log, Now: p.Now, Faults: faults})
	if err != nil {
		return errors.Join(fmt.Errorf("starting the reference server: %w", err), store.Close())
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop, s.closer = stop, store.Close
	go func() { s.ended <- server.Serve(serving, listener) }()
	return nil
}

// checkStore refuses a URL that belongs to the other store.
func checkStore(store, databaseURL string) error {
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

// Stop finishes the requests in flight, then closes the store.
func (s *Server) Stop() error {
	s.stop()
	return errors.Join(<-s.ended, s.closer())
}
