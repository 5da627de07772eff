// Package selftest proves the prover: it breaks the reference server in every
// way that the checker claims to detect, loads it, and compares what is found
// with what was broken.
//
// It holds that a detector is trusted in both directions or not at all. A fault
// that is missed and a finding against a correct server that merely lost its
// answers are the same failure.
package selftest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/nearest"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/fault"
)

// Run plays the cases of each API one after the other, the APIs beside each other,
// and hands each row over when it is there. It returns them in the order of the
// cases. The error says that there is nothing to play; what went wrong in one case
// stands in its row.
func Run(ctx context.Context, o Options, each func(Row)) ([]Row, error) {
	o.setDefaults()
	played, err := o.chooseCases()
	if err != nil {
		return nil, err
	}
	if o.Only != "" {
		if played, err = selectCases(played, o.Only); err != nil {
			return nil, err
		}
	}
	rows, err := o.playAll(ctx, played, each)
	if ctx.Err() != nil {
		return rows, fmt.Errorf("playing the self-test: %w after %d of %d cases; --only plays one", context.Cause(ctx), len(rows),
			len(played))
	}
	return rows, err
}

// playAll plays the cases. Most of their time is waiting, so the APIs do not get in each
// other's way; each has a store of its own.
func (o *Options) playAll(ctx context.Context, played []scenario, each func(Row)) ([]Row, error) {
	lanes := map[string][]scenario{}
	for _, c := range played {
		lanes[c.api] = append(lanes[c.api], c)
	}
	var told sync.Mutex
	var rows []Row
	var errs []error
	var apis sync.WaitGroup
	for _, lane := range lanes {
		apis.Go(func() {
			err := o.playLane(ctx, lane, func(r Row) {
				told.Lock()
				defer told.Unlock()
				rows = append(rows, r)
				each(r)
			})
			told.Lock()
			defer told.Unlock()
			errs = append(errs, err)
		})
	}
	apis.Wait()
	order := func(r Row) int {
		return slices.IndexFunc(played, func(c scenario) bool { return c.api == r.API && c.name == r.Case })
	}
	slices.SortFunc(rows, func(a, b Row) int { return order(a) - order(b) })
	return rows, errors.Join(errs...)
}

// playLane plays cases one after the other, until the context ends.
func (o *Options) playLane(ctx context.Context, cases []scenario, done func(Row)) (err error) {
	db, err := refserver.OpenStore(ctx, o.Store, o.DatabaseURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for i, c := range cases {
		row := o.playCase(ctx, db, c, i*defaultRuns)
		if ctx.Err() != nil {
			return nil
		}
		done(row)
	}
	return nil
}

// chooseCases returns those of every API that is to be played.
func (o *Options) chooseCases() ([]scenario, error) {
	apis := fault.APIs()
	if o.API != "" {
		if !slices.Contains(apis, o.API) {
			return nil, exit.Usagef("--api %s: the reference server speaks %s%s", o.API, strings.Join(apis, " and "),
				nearest.Question(o.API, apis))
		}
		apis = []string{o.API}
	}
	var all []scenario
	for _, api := range apis {
		all = append(all, listCases(api)...)
	}
	return all, nil
}

// selectCases returns the cases of a name, one for an API at most.
func selectCases(all []scenario, name string) ([]scenario, error) {
	var named []scenario
	var names []string
	for _, c := range all {
		if c.name == name {
			named = append(named, c)
		}
		names = append(names, c.name)
	}
	if named != nil {
		return named, nil
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return nil, exit.Usagef("there is no case %q%s; there are %s", name, nearest.Question(name, names), strings.Join(names, ", "))
}
