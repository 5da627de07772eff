// Package study prices policies side by side.
//
// Its opinion: a policy costs calls and time, and both are counted on one row that
// every client wants, where policies differ most.
package study

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/predict"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/wait"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reports/view"
	"github.com/occbench/occbench/seed"
)

// Options describe a study of backoff policies: so many clients who all want to
// change one record at once, each of them once.
type Options struct {
	Clients     []int
	Base, Limit time.Duration
	Patience    time.Duration // against a target, for one policy and number of clients
	Runs        int           // of the simulation; 0: as many as SimulateBackoff thinks enough
	RandSeed    uint64
}

// Target is where a study is made.
type Target struct {
	Client client.Config
	Record seed.Options // of the one record that is changed
}

// CompareBackoffs runs the policies side by side: against the target when there is one,
// else against a simulated server. say tells each row.
func CompareBackoffs(ctx context.Context, o Options, target *Target, say func(format string, args ...any)) (view.BackoffStudy, error) {
	study := view.BackoffStudy{Base: o.Base.String(), Limit: o.Limit.String(), Simulated: target == nil}
	backoffs, err := o.backoffs()
	if err != nil {
		return study, err
	}
	price := func(ctx context.Context, b workload.Backoff, clients int) (view.BackoffRow, error) {
		cost := predict.SimulateBackoff(b, predict.BackoffStudy{Clients: clients, Runs: o.Runs, Seed: o.RandSeed,
			Stop: func() bool { return ctx.Err() != nil }})
		return view.BackoffRow{Calls: cost.Calls, TimeMS: cost.Time.Seconds() * 1000, Done: clients}, nil
	}
	if !study.Simulated {
		study.Target = run.HideUser(target.Client.Target)
		row, err := findHotRecord(ctx, target, o)
		if err != nil {
			return study, err
		}
		defer row.client.CloseIdle()
		price = row.measureCost
	}
	for _, clients := range o.Clients {
		for i, policy := range workload.BackoffKinds() {
			r, err := price(ctx, backoffs[i], clients)
			if ctx.Err() != nil { // what was counted until then is not what the policy costs
				err = context.Cause(ctx)
			}
			if err != nil {
				return study, fmt.Errorf("studying backoff %s with %d clients: %w", policy, clients, err)
			}
			r.Policy, r.Clients = policy, clients
			study.Rows = append(study.Rows, r)
			say("study   %s", r.Line())
		}
	}
	return study, nil
}

// backoffs are the policies of the study.
func (o Options) backoffs() ([]workload.Backoff, error) {
	switch {
	case o.Base <= 0:
		return nil, exit.Usagef("--base %s is not above 0; e.g. 5ms", o.Base)
	case o.Limit < o.Base:
		return nil, exit.Usagef("--limit %s is below --base %s; a backoff does not exceed its limit", o.Limit, o.Base)
	}
	all := make([]workload.Backoff, len(workload.BackoffKinds()))
	for i, policy := range workload.BackoffKinds() {
		b, err := workload.ParseBackoff(policy, o.Base, o.Limit)
		if err != nil {
			return nil, exit.Usage(err)
		}
		all[i] = b
	}
	return all, nil
}

// hotRecord is one record of the target that all clients want.
type hotRecord struct {
	client   *client.Client
	record   string
	patience time.Duration
	seed     uint64
}

// findHotRecord makes the record where it is missing, and finds it on the list.
func findHotRecord(ctx context.Context, target *Target, o Options) (*hotRecord, error) {
	made, err := seed.SeedOverHTTP(ctx, target.Client, target.Record)
	if err != nil {
		return nil, err
	}
	caller, err := client.New(target.Client)
	if err != nil {
		return nil, err
	}
	h := &hotRecord{client: caller, patience: o.Patience, seed: o.RandSeed}
	if operator.ReadsSingly(caller.API()) {
		if len(made.IDs) == 0 {
			return nil, fmt.Errorf("the seeding tells no id of a %s", caller.API().Words.Record)
		}
		h.record = made.IDs[0]
		return h, nil
	}
	list := client.List{Tags: true}
	if a := caller.List(ctx, &list); !a.OK() {
		return nil, fmt.Errorf("reading the %s: %w", caller.API().Words.Listing(), a.Failure())
	}
	for _, record := range list.Records {
		_, ok := caller.API().States.Next(workload.Cycle.String(), record.State)
		if ok && client.HasTag(record.Tag, target.Record.Tag) {
			h.record = record.ID
			return h, nil
		}
	}
	words := caller.API().Words
	return nil, fmt.Errorf("the %s shows no tagged %s that can be updated", words.Listing(), words.One())
}

// measureCost lets all clients change the record once and counts what it takes. A client
// that has not made it when the patience is over gives up.
func (h *hotRecord) measureCost(ctx context.Context, b workload.Backoff, clients int) (view.BackoffRow, error) {
	ctx, cancel := context.WithTimeout(ctx, h.patience)
	defer cancel()
	var calls, done atomic.Int64
	errs := make([]error, clients)
	begin := time.Now()
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(h.seed, uint64(i)))
			changed, err := h.change(ctx, b, r, &calls)
			if changed {
				done.Add(1)
			}
			errs[i] = err
		})
	}
	wg.Wait()
	row := view.BackoffRow{Calls: float64(calls.Load()), TimeMS: float64(time.Since(begin).Microseconds()) / 1000, Done: int(done.Load())}
	return row, errors.Join(errs...)
}

// change updates the record once, however often it takes. It reports whether it did
// before the context ended.
func (h *hotRecord) change(ctx context.Context, b workload.Backoff, r *rand.Rand, calls *atomic.Int64) (bool, error) {
	var list client.List
	var rest time.Duration
	for retry := 1; ; retry++ {
		record, err := h.read(ctx, &list)
		if ctx.Err() != nil {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		states := &h.client.API().States
		to, ok := states.Next(workload.Cycle.String(), record.State)
		if !ok && len(states.Names) > 0 {
			return false, fmt.Errorf("record %s is %s and cannot be updated any more", history.EncodeText(record.ID), record.State)
		}
		calls.Add(1)
		// An update that is sent is waited for: it may have been applied.
		a := h.client.Update(context.WithoutCancel(ctx), &client.Attempt{
			ID: h.record, From: record.State, To: to, Token: record.Token, TokenText: record.TokenText,
			Marker: strconv.FormatUint(r.Uint64(), 36),
		})
		switch {
		case a.Outcome == history.Applied:
			return true, nil
		case a.Outcome != history.Conflict:
			return false, fmt.Errorf("updating record %s: %w", h.record, a.Failure())
		}
		rest = b.Wait(retry, rest, r)
		if wait.For(ctx, rest) != nil {
			return false, nil
		}
	}
}

func (h *hotRecord) read(ctx context.Context, list *client.List) (client.Record, error) {
	if operator.ReadsSingly(h.client.API()) {
		one := client.Record{ID: h.record}
		a := h.client.Read(ctx, &one)
		return one, a.Failure()
	}
	if a := h.client.List(ctx, list); !a.OK() {
		return client.Record{}, fmt.Errorf("reading the %s: %w", h.client.API().Words.Listing(), a.Failure())
	}
	for _, record := range list.Records {
		if record.ID == h.record {
			return *record, nil
		}
	}
	return client.Record{}, fmt.Errorf("record %s is not on the %s any more", history.EncodeText(h.record), h.client.API().Words.Listing())
}
