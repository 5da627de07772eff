package occ

import (
	"strconv"
	"time"
)

// clock tells the time in ns of one monotonic clock since the base of the run.
// The base is a time of the wall clock, because the process that chose it
// cannot hand over its monotonic clock; it is read against the wall clock once,
// so that a step of that moves no operation against another.
type clock struct {
	started time.Time // with its monotonic part
	offset  int64     // ns from the base to started
	machine int64     // the machine's monotonic clock at the base, ns; 0: it is not known
}

// newClock reads the base, ns of the Unix epoch; without one that makes sense
// the clock begins now. A base in the future would make times negative.
func newClock(base string, now time.Time) clock {
	c := clock{started: now}
	if ns, err := strconv.ParseInt(base, 10, 64); err == nil {
		c.offset = max(now.UnixNano()-ns, 0)
	}
	if machine := machineClock(); machine > 0 {
		c.machine = machine - int64(time.Since(now)) - c.offset
	}
	return c
}

func (c *clock) now() int64 { return c.offset + int64(time.Since(c.started)) }

// timeAt returns the time of this clock at a time of the same process.
func (c *clock) timeAt(t time.Time) int64 { return c.offset + int64(t.Sub(c.started)) }

// wallTime returns the time of the wall clock at a time of this one.
func (c *clock) wallTime(ns int64) time.Time { return c.started.Add(time.Duration(ns - c.offset)) }
