package selftest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/workload"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/fault"
	"github.com/occbench/occbench/reference-server/store"
	"github.com/occbench/occbench/seed"
)

// subject is the system under test of one run of a case: a server, and records of its own,
// apart from those of every other run by their day and their tag.
type subject struct {
	scenario
	api  *api.API
	seed uint64
	date string
	tag  string
	ids  []string // of the records

	began time.Time // the base of the one clock that all clients of a run are stamped by
}

// newSubject returns the subject of a run. The runs of a self-test are numbered
// from 0.
func (o *Options) newSubject(c scenario, number int, seed uint64) (*subject, error) {
	speaks, err := c.loadAPI()
	if err != nil {
		return nil, err
	}
	day := o.Now().UTC().AddDate(0, 0, 1+number)
	return &subject{scenario: c, api: speaks, seed: seed, date: day.Format(time.DateOnly), tag: fmt.Sprintf("selftest-%d", number),
		began: time.Now()}, nil
}

// clientConfig returns how the server at a URL is called.
func (s *subject) clientConfig(url string) client.Config {
	return client.Config{API: s.api, Target: url, Date: s.date, Tag: s.tag, Timeout: s.timeout,
		Clock: func() int64 { return int64(time.Since(s.began)) }}
}

// withServer seeds with the correct server, so that a fault cannot spoil what it is
// judged on, and uses the broken one. It returns how often the fault struck.
func (o *Options) withServer(ctx context.Context, db store.Store, s *subject, use func(url string) error) (strikes int64, err error) {
	if err := o.seedRecords(ctx, db, s); err != nil {
		return 0, fmt.Errorf("seeding: %w", err)
	}
	faults, err := fault.Parse(s.fault, fault.Options{API: s.scenario.api, Seed: s.seed, Now: o.Now})
	if err != nil {
		return 0, err
	}
	url, stop, err := o.startServer(ctx, db, s.scenario.api, faults)
	if err != nil {
		return 0, err
	}
	err = use(url)
	for _, n := range faults.CountStrikes() {
		strikes += n
	}
	return strikes, errors.Join(err, stop())
}

func (o *Options) seedRecords(ctx context.Context, db store.Store, s *subject) error {
	url, stop, err := o.startServer(ctx, db, s.scenario.api, nil)
	if err != nil {
		return err
	}
	wanted := seed.Options{Date: s.date, Tag: s.tag, Records: s.records + workload.RaceRecords, Now: o.Now}
	made, err := seed.SeedOverHTTP(ctx, s.clientConfig(url), wanted)
	s.ids = made.IDs
	return errors.Join(err, stop())
}

// startServer starts a server over the store, which it leaves open.
func (o *Options) startServer(ctx context.Context, db store.Store, api string, faults *fault.Set) (
	url string, stop func() error, err error) {
	opts := refserver.Options{Store: db, API: api, Build: "selftest", Now: o.Now}
	if faults != nil {
		opts.Faults = faults
	}
	server, err := refserver.New(opts)
	if err != nil {
		return "", nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("starting the server: %w", err)
	}
	serving, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(serving, listener) }()
	return "http://" + listener.Addr().String(), func() error { cancel(); return <-ended }, nil
}
