package selftest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/fault"
	"github.com/occbench/occbench/reference-server/store"
	"github.com/occbench/occbench/seed"
)

// play plays one case and judges it. It takes the dates from the given one on.
func (o *Options) play(ctx context.Context, db store.Store, c scenario, date time.Time) Row {
	row := Row{Case: c.name, Expected: c.expected, Also: []string{}, Runs: 1}
	var err error
	if c.asked {
		row.Strikes, err = o.against(ctx, db, c, date, o.Seed, func(target client.Config) error { return row.ask(ctx, target) })
	} else {
		err = o.load(ctx, db, c, date, &row)
	}
	if err != nil {
		row.Result, row.Reason = Untested, err.Error()
	}
	return row
}

// load plays every run of a case at the same time, each on a board of its own, and
// judges what was recorded.
func (o *Options) load(ctx context.Context, db store.Store, c scenario, date time.Time, row *Row) (err error) {
	played := hotLoad(o.Span)
	if c.races {
		if played, c.cards, err = defaultLoad(o.Now); err != nil {
			return err
		}
		row.Runs = defaultRuns
	}
	ops, strikes, errs := make([][]history.Op, row.Runs), make([]int64, row.Runs), make([]error, row.Runs)
	var runs sync.WaitGroup
	for i := range ops {
		runs.Go(func() {
			seed := o.Seed + uint64(i)
			strikes[i], errs[i] = o.against(ctx, db, c, date.AddDate(0, 0, i), seed, func(target client.Config) (err error) {
				crew := crew{target: target, scenario: c, load: played, seed: seed}
				ops[i], err = crew.work(ctx)
				return err
			})
		})
	}
	runs.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	speaks, err := api.Load(run.DefaultAPI)
	if err != nil {
		return err
	}
	var reports []check.Report
	for i := range ops {
		row.Operations, row.Strikes = row.Operations+int64(len(ops[i])), row.Strikes+strikes[i]
		reports = append(reports, check.History(ops[i], nil, check.Options{API: speaks}))
	}
	row.judge(reports...)
	return nil
}

// against seeds with the correct server, so that a fault cannot spoil what it is
// judged on, and uses the broken one. It returns how often the fault struck.
func (o *Options) against(ctx context.Context, db store.Store, c scenario, day time.Time, seed uint64,
	use func(client.Config) error) (strikes int64, err error) {
	date := day.Format(time.DateOnly)
	if err := o.seed(ctx, db, c, date); err != nil {
		return 0, fmt.Errorf("seeding: %w", err)
	}
	faults, err := fault.Parse(c.fault, fault.Options{Seed: seed, Now: o.Now})
	if err != nil {
		return 0, err
	}
	url, stop, err := o.serve(ctx, db, faults)
	if err != nil {
		return 0, err
	}
	speaks, err := api.Load(run.DefaultAPI)
	if err != nil {
		return 0, errors.Join(err, stop())
	}
	err = use(client.Config{API: speaks, Target: url, Date: date, Timeout: c.timeout})
	for _, n := range faults.Strikes() {
		strikes += n
	}
	return strikes, errors.Join(err, stop())
}

func (o *Options) seed(ctx context.Context, db store.Store, c scenario, date string) error {
	url, stop, err := o.serve(ctx, db, nil)
	if err != nil {
		return err
	}
	speaks, err := api.Load(run.DefaultAPI)
	if err != nil {
		return errors.Join(err, stop())
	}
	_, err = seed.OverHTTP(ctx, client.Config{API: speaks, Target: url, Date: date},
		seed.Options{Date: date, Tag: tag, Cards: c.cards + workload.RaceRecords, Now: o.Now})
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
