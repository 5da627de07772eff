package selftest

import (
	"context"
	"errors"
	"sync"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/reference-server/store"
)

// playCase plays one case and judges it. Its runs are numbered from the given one on.
func (o *Options) playCase(ctx context.Context, db store.Store, c scenario, number int) Row {
	row := Row{API: c.api, Case: c.name, Expected: c.expected, Also: []string{}, Runs: 1}
	play := o.playLoaded
	if c.asked {
		play = o.playAsked
	}
	err := play(ctx, db, c, number, &row)
	if err != nil {
		row.Result, row.Reason = Untested, err.Error()
	}
	return row
}

// playLoaded plays every run of a case at the same time, each on records of its own, and
// judges what was recorded.
func (o *Options) playLoaded(ctx context.Context, db store.Store, c scenario, number int, row *Row) (err error) {
	played := newHotLoad(o.Span)
	if c.races {
		if played, c.records, err = newDefaultLoad(o.Now); err != nil {
			return err
		}
		row.Runs = defaultRuns
	}
	ops, strikes, errs := make([][]history.Op, row.Runs), make([]int64, row.Runs), make([]error, row.Runs)
	reports := make([]check.Report, row.Runs)
	var runs sync.WaitGroup
	for i := range ops {
		runs.Go(func() {
			var s *subject
			if s, errs[i] = o.newSubject(c, number+i, o.Seed+uint64(i)); errs[i] != nil {
				return
			}
			strikes[i], errs[i] = o.withServer(ctx, db, s, func(url string) (err error) {
				crew := crew{subject: s, url: url, load: played}
				ops[i], err = crew.playRun(ctx)
				return err
			})
			reports[i] = check.History(ops[i], nil, check.Options{API: s.api, Opaque: !s.api.Counting})
		})
	}
	runs.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for i := range ops {
		row.Operations, row.Strikes = row.Operations+int64(len(ops[i])), row.Strikes+strikes[i]
	}
	row.judgeReports(reports...)
	return nil
}
