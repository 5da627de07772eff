package selftest

import (
	"context"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/probe"
)

// ask probes the target. The fault is found when the line that it is to change
// differs.
func (r *Row) ask(ctx context.Context, target client.Config) error {
	asked, err := probe.Run(ctx, probe.Options{Target: target, Tag: tag, Timeout: target.Timeout})
	if err == nil {
		err = asked.Err()
	}
	if err != nil {
		return err
	}
	r.Result, r.Reason = Missed, "the probe asked and was answered as by a correct server"
	for _, l := range asked.Lines {
		switch {
		case l.State != probe.Differs:
		case l.Name == r.Expected:
			r.Result, r.Reason, r.FoundIn = Found, "", 1
		default:
			r.Also = append(r.Also, l.Name)
		}
	}
	return nil
}
