package selftest

import (
	"context"

	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/reference-server/store"
)

// playAsked plays a case that only the probe can find.
func (o *Options) playAsked(ctx context.Context, db store.Store, c scenario, number int, row *Row) error {
	s, err := o.newSubject(c, number, o.Seed)
	if err != nil {
		return err
	}
	row.Strikes, err = o.withServer(ctx, db, s, func(url string) error { return row.askProbe(ctx, s, url) })
	return err
}

// askProbe probes the server. The fault is found when the line that it is to change
// differs, or notes what a client has to know.
func (r *Row) askProbe(ctx context.Context, s *subject, url string) error {
	asked, err := probe.Run(ctx, probe.Options{Target: s.clientConfig(url), Tag: s.tag, Timeout: s.timeout})
	if err == nil {
		err = asked.Err()
	}
	if err != nil {
		return err
	}
	r.Result, r.Reason = Missed, "the probe asked and was answered as by a correct server"
	for _, l := range asked.Lines {
		switch {
		case l.State != probe.Differs && l.State != probe.Noted:
		case l.Name == r.Expected:
			r.Result, r.Reason, r.FoundIn = Found, "", 1
		default:
			r.Also = append(r.Also, l.Name)
		}
	}
	return nil
}
