// Package doctor produces a line for everything that a run depends on: whether
// it is configured, reachable and permitted, and if not, what to do.
//
// Its opinion: a check that hangs tells nothing, so each has a deadline
// and ends by it even when what it asks does not; and nothing is taken to work
// that was not seen to. Checks only read: no record is updated, no metric written.
package doctor

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// check asks one thing. It need not end with its context.
type check struct {
	name string
	ask  func(ctx context.Context) Line
}

// Run asks everything at once and returns the lines in their order. It takes no
// longer than the limit.
func Run(ctx context.Context, o Options) []Line {
	checks := o.listChecks()
	lines := make([]Line, len(checks))
	var wg sync.WaitGroup
	for i, c := range checks {
		wg.Go(func() { lines[i] = c.runWithin(ctx, o.limit()) })
	}
	wg.Wait()
	return lines
}

// HasFailure reports whether something that is configured does not work.
func HasFailure(lines []Line) bool {
	for _, l := range lines {
		if l.State == Fail {
			return true
		}
	}
	return false
}

// margin is the time that a check has, at the end of its limit, to say itself what did
// not answer.
const margin = 250 * time.Millisecond

// runWithin runs a check with a deadline. It does not wait for a check that
// takes longer.
func (c check) runWithin(ctx context.Context, limit time.Duration) Line {
	asking, cancel := context.WithTimeout(ctx, max(limit-margin, limit/2))
	defer cancel()
	answer := make(chan Line, 1)
	go func() { answer <- c.ask(asking) }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case l := <-answer:
		l.Check = c.name
		return l
	case <-ctx.Done():
		return Line{c.name, Fail, "interrupted", "ask again"}
	case <-timer.C:
		return Line{c.name, Fail, fmt.Sprintf("no answer within %s", limit),
			"check the network and the disk it needs, or give it longer with --timeout"}
	}
}

// listChecks returns the checks in the order in which a reader would look.
// Without settings only the machine is checked.
func (o *Options) listChecks() []check {
	o.setDefaults()
	all := []check{{"settings", o.checkSettings}}
	if o.Settings != nil {
		all = append(all, check{"target", o.checkTarget}, check{"auth", o.checkAuth}, check{"clock", o.checkClock},
			check{"credentials", o.checkCredentials}, check{"region", o.checkRegion}, check{"metrics", o.checkMetrics},
			check{"permissions", o.checkPermissions}, check{"disk", o.checkDisk})
	}
	return append(all, check{"processors", o.checkProcessors}, check{"chromium", o.checkChromium}, check{"k6", o.checkK6})
}

func (o *Options) setDefaults() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Free == nil {
		o.Free = readFreeBytes
	}
	if o.CPUs == nil {
		o.CPUs = countCPUs
	}
	if o.Browser == nil {
		o.Browser = findBrowser
	}
}
