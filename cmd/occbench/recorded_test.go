package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// recorded waits until the newest run of the script has so many lines in its
// history: `recorded LINES`, or `recorded LINES RUN`, which is the first, second
// or later run. A fixed wait would end before k6 has started, on a busy machine.
func recorded(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: recorded LINES [RUN]")
	}
	lines, err := strconv.Atoi(args[0])
	ts.Check(err)
	run := 1
	if len(args) == 2 {
		run, err = strconv.Atoi(args[1])
		ts.Check(err)
	}
	for range 1200 {
		found, err := filepath.Glob(ts.MkAbs("load_test_results/k6_move_*"))
		ts.Check(err)
		if len(found) >= run {
			text, err := os.ReadFile(filepath.Join(found[len(found)-1], "raw", "history.csv"))
			if err == nil && bytes.Count(text, []byte("\n")) >= lines {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("run %d does not come to %d lines", run, lines)
}
