package main

import (
	"os"
	"os/exec"
	"path/filepath"
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

// BenchmarkHelp times the start of the program, k6 inside.
func BenchmarkHelp(b *testing.B) {
	occbench := program(b)
	for b.Loop() {
		if err := exec.Command(occbench, "--help").Run(); err != nil {
			b.Fatal(err)
		}
	}
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
