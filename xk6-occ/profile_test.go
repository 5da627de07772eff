package occ_test

import (
	"fmt"
	"os"
	"runtime/pprof"
	"time"
)

// profile writes a CPU profile of the first seconds of the k6 process to the
// file in $PROFILE_K6, when that is set. It is written when the time is over:
// k6 ends in os.Exit, which waits for nothing.
func profile() {
	path := os.Getenv("PROFILE_K6")
	if path == "" {
		return
	}
	file, err := os.Create(path)
	if err == nil {
		err = pprof.StartCPUProfile(file)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "profiling:", err)
		os.Exit(1)
	}
	time.AfterFunc(3*time.Second, pprof.StopCPUProfile)
}
