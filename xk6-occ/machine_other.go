//go:build !unix

package occ

import "time"

// machineClock returns 0: the clock that all processes of this machine share is not known.
func machineClock() int64 { return 0 }

// processorTime returns 0: what this process took of the processors is not known.
func processorTime() time.Duration { return 0 }
