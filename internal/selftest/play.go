package selftest

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/shop"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/fault"
	"github.com/occbench/occbench/reference-server/store"
	"github.com/occbench/occbench/seed"
)

// play plays one case and judges it.
func (o *Options) play(ctx context.Context, db store.Store, c scenario, date string) Row {
	row := Row{Case: c.name, Expected: c.expected, Also: []string{}}
	var ops []history.Op
	err := o.against(ctx, db, c, date, &row, func(target shop.Config) (err error) {
		if c.asked {
			return row.ask(ctx, target)
		}
		crew := crew{target: target, scenario: c, seed: o.Seed, span: o.Span}
		ops, err = crew.work(ctx)
		return err
	})
	switch {
	case err != nil:
		row.Result, row.Reason = Untested, err.Error()
	case !c.asked:
		row.Operations = int64(len(ops))
		row.judge(check.History(ops, nil, check.Options{}))
	}
	return row
}

// against seeds with the correct server, so that a fault cannot spoil what it is
// judged on, and uses the broken one.
func (o *Options) against(ctx context.Context, db store.Store, c scenario, date string, row *Row, use func(shop.Config) error) error {
	if err := o.seed(ctx, db, c, date); err != nil {
		return fmt.Errorf("seeding: %w", err)
	}
	faults, err := fault.Parse(c.fault, fault.Options{Seed: o.Seed, Now: o.Now})
	if err != nil {
		return err
	}
	url, stop, err := o.serve(ctx, db, faults)
	if err != nil {
		return err
	}
	err = use(shop.Config{Target: url, Date: date, Timeout: c.timeout})
	for _, n := range faults.Strikes() {
		row.Strikes += n
	}
	return errors.Join(err, stop())
}

func (o *Options) seed(ctx context.Context, db store.Store, c scenario, date string) error {
	url, stop, err := o.serve(ctx, db, nil)
	if err != nil {
		return err
	}
	_, err = seed.OverHTTP(ctx, shop.Config{Target: url, Date: date}, seed.Options{Date: date, Tag: tag, Cards: c.cards, Now: o.Now})
	return errors.Join(err, stop())
}

// serve starts a server over the store, which it leaves open.
func (o *Options) serve(ctx context.Context, db store.Store, faults *fault.Set) (url string, stop func() error, err error) {
	opts := refserver.Options{Store: db, Build: "selftest", Now: o.Now}
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
