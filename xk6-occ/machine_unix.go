//go:build unix

package occ

import (
	"time"

	"golang.org/x/sys/unix"
)

// machineClock returns the monotonic clock that all processes of this machine share,
// ns; 0: it is not known.
func machineClock() int64 {
	var now unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &now) != nil {
		return 0
	}
	return now.Nano()
}

// processorTime returns what this process took of the processors.
func processorTime() time.Duration {
	var used unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
