package refserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Limits on what a client may take. A move is 80 bytes and answered in milliseconds: a client that needs more than this
// does not speak the API.
const (
	maxHeader   = 16 << 10
	headerLimit = 5 * time.Second
	readLimit   = 15 * time.Second
	writeLimit  = 60 * time.Second
	idleTimeout = 2 * time.Minute
)

// Serve answers the connections of a listener until the context ends; then it
// takes no more, finishes the requests in flight within the grace, and returns
// nil. It closes the listener.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           s.handler,
		MaxHeaderBytes:    maxHeader,
		ReadHeaderTimeout: headerLimit,
		ReadTimeout:       readLimit,
		WriteTimeout:      writeLimit,
		IdleTimeout:       idleTimeout,
		ErrorLog:          slog.NewLogLogger(s.api.log.Handler(), slog.LevelWarn),
	}
	server.RegisterOnShutdown(s.api.hub.stop) // a stream never ends by itself
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	err := s.stopServing(server)
	<-failed
	return err
}

func (s *Server) stopServing(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.api.opts.Grace)
	defer cancel()
	err := server.Shutdown(ctx)
	if err == nil {
		return nil
	}
	return errors.Join(fmt.Errorf("stopping within %s: %w; requests in flight were cut off", s.api.opts.Grace, err), server.Close())
}
