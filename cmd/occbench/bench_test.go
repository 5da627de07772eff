package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// program returns the built binary: a test binary links the testing package and
// starts more slowly.
func program(b *testing.B) string {
	b.Helper()
	path, err := filepath.Abs("../../build/occbench")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		b.Skip("build/occbench is not built; make build")
	}
	return path
}

// BenchmarkStart compares the start of the program, k6 inside, with that of a k6 that holds
// nothing else: processor time of `occbench --help` and of `k6 version`, in turn.
func BenchmarkStart(b *testing.B) {
	occbench, k6 := program(b), filepath.Join(b.TempDir(), "k6")
	if out, err := exec.Command("go", "build", "-ldflags", "-s -w", "-o", k6, "go.k6.io/k6/v2").CombinedOutput(); err != nil {
		b.Fatalf("building k6: %v\n%s", err, out)
	}
	var ours, theirs, ratios []float64
	for b.Loop() {
		ours = append(ours, processorTime(b, occbench, "--help"))
		theirs = append(theirs, processorTime(b, k6, "version"))
		ratios = append(ratios, ours[len(ours)-1]/theirs[len(theirs)-1])
	}
	b.ReportMetric(0, "ns/op")
	for unit, all := range map[string][]float64{"ms-occbench": ours, "ms-k6": theirs, "of-k6": ratios} {
		slices.Sort(all)
		b.ReportMetric(all[len(all)/2], unit)
		b.Logf("%s: %.3g – %.3g – %.3g in %d rounds", unit, all[0], all[len(all)/2], all[len(all)-1], len(all))
	}
}

// processorTime returns the time in ms that a command took of a processor.
func processorTime(b *testing.B, name string, args ...string) float64 {
	b.Helper()
	cmd := exec.Command(name, args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return float64(used) / float64(time.Millisecond)
}

// BenchmarkValidateBesideTheLoad reports what validate takes beyond the
// declared duration, in seconds.
func BenchmarkValidateBesideTheLoad(b *testing.B) {
	occbench, dir := program(b), b.TempDir()
	const duration = 5 * time.Second
	var beside time.Duration
	for b.Loop() {
		cmd := exec.Command(occbench, "validate", "--duration", duration.String(), "--think", "40ms", "--pause", "40ms")
		cmd.Dir = dir
		begin := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		beside += time.Since(begin) - duration
	}
	b.ReportMetric(beside.Seconds()/float64(b.N), "s-beside/op")
}
