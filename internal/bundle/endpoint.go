package bundle

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/occbench/occbench/internal/loopback"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/reference-server/cwlocal"
)

// Endpoint is a local CloudWatch that listens on this machine.
type Endpoint struct {
	URL    string
	server *http.Server
	local  *cwlocal.Server
	failed chan error
}

// startEndpoint starts a local CloudWatch.
func (o Options) startEndpoint(faults cwlocal.Faults) (*Endpoint, error) {
	listener, err := net.Listen("tcp", o.Settings.LocalAddr)
	if err != nil {
		return nil, fmt.Errorf("starting the local CloudWatch endpoint: %w", err)
	}
	e := &Endpoint{URL: "http://" + listener.Addr().String(), failed: make(chan error, 1),
		local: cwlocal.New(
			cwlocal.Options{Now: o.Now, EvaluationInterval: o.Evaluation, Region: chooseRegion(o.Settings.CloudWatch), Faults: faults},
		)}
	e.server = &http.Server{
		Handler:           loopback.NewGuard().Wrap(e.local),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
	}
	go func() { e.failed <- e.server.Serve(listener) }()
	return e, nil
}

func chooseRegion(c settings.CloudWatch) string {
	if c.Region != "" {
		return c.Region
	}
	return "us-east-1"
}

// stopServing finishes the requests in flight; its data is gone.
func (e *Endpoint) stopServing() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := e.server.Shutdown(ctx)
	if failed := <-e.failed; !errors.Is(failed, http.ErrServerClosed) {
		err = errors.Join(err, failed)
	}
	if err != nil {
		return fmt.Errorf("stopping the local CloudWatch endpoint: %w", err)
	}
	return nil
}
