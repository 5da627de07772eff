package doctor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/k6run"
)

func countCPUs() int { return runtime.GOMAXPROCS(0) }

func findBrowser() (string, error) { return k6run.FindBrowser() }

// An hour at 100 updates a second is a history of 70 MB.
const (
	tight  = 1 << 30
	needed = 100 << 20
)

// checkDisk checks whether runs can be written.
func (o *Options) checkDisk(context.Context) Line {
	dir, err := findExisting(o.Settings.Out)
	if err != nil {
		return failLine("give another --out", "%v", err)
	}
	if err := checkWritable(dir); err != nil {
		return failLine("give another --out, or the right to write there", "%v", err)
	}
	bytes, err := o.Free(dir)
	if err != nil {
		return warnLine("look with df", "how much is free in %s is not known: %v", dir, err)
	}
	words := fmt.Sprintf("%s free in %s", formatSize(bytes), dir)
	switch {
	case bytes < needed:
		return failLine("make room, or give another --out", "only %s; a full disk voids a run", words)
	case bytes < tight:
		return warnLine("make room before a long run, or give another --out", "%s", words)
	}
	return okLine("%s", words)
}

// findExisting returns the folder, or the nearest above it that is there.
func findExisting(path string) (string, error) {
	dir, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("finding %s: %w", path, err)
	}
	for {
		info, err := os.Stat(dir)
		switch {
		case err == nil && info.IsDir():
			return dir, nil
		case err == nil:
			return "", fmt.Errorf("%s is not a folder", dir)
		case !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir):
			return "", fmt.Errorf("looking for %s: %w", path, err)
		}
		dir = filepath.Dir(dir)
	}
}

// checkWritable makes a file and removes it: permissions alone do not tell of a disk
// that is mounted read-only.
func checkWritable(dir string) error {
	f, err := os.CreateTemp(dir, ".occbench-doctor-*")
	if err != nil {
		return fmt.Errorf("runs cannot be written to %s: %w", dir, err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func formatSize(bytes uint64) string {
	if bytes < 1<<30 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
}

func (o *Options) checkProcessors(context.Context) Line {
	n := o.CPUs()
	if n < 2 {
		return warnLine("use a machine with two processors, or a target elsewhere and fewer operators",
			"1 processor: k6 waits for itself, and latencies include that")
	}
	return okLine("%d", n)
}

// checkChromium looks for the browser that plays the users of the board
// scenario.
func (o *Options) checkChromium(ctx context.Context) Line {
	path, err := o.Browser()
	if errors.Is(err, k6run.ErrNoBrowser) {
		return warnLine("install it (Debian: apt-get install -y chromium); only runs with browsers need it",
			"there is none on this machine")
	}
	if err != nil {
		return failLine("correct the variable or unset it", "%v", err)
	}
	out, err := runProgram(ctx, path, nil, "--version")
	if err != nil {
		return failLine("reinstall it, or name another in K6_BROWSER_EXECUTABLE_PATH", "%s does not start: %v", path, err)
	}
	return okLine("%s: %s", path, firstLine(out))
}

// checkK6 asks the built-in k6 for its version and its extension: without the
// extension it cannot play a scenario.
func (o *Options) checkK6(ctx context.Context) Line {
	out, err := runProgram(ctx, o.Program, []string{"k6"}, "version")
	if err != nil {
		return failLine("build it anew: make build", "the k6 inside %s does not start: %v", o.Program, err)
	}
	words := strings.Fields(firstLine(out))
	if len(words) < 2 {
		return failLine("build it anew: make build", "the k6 inside says no version, only %q", firstLine(out))
	}
	if !strings.Contains(out, "k6/x/occ") {
		return failLine("build it anew: make build", "k6 %s has no extension k6/x/occ inside", words[1])
	}
	return okLine("%s, extension k6/x/occ of occbench %s", words[1], o.Version)
}

// mostOutput is how much of what a program says is kept.
const mostOutput = 64 << 10

// runProgram runs a program, as argv0 when that is given, and returns what it
// printed. One that does not end is killed with its deadline.
func runProgram(ctx context.Context, path string, argv0 []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, path, args...)
	if argv0 != nil {
		cmd.Args = append(argv0, args...)
	}
	cmd.WaitDelay = 2 * time.Second // a child of its own may hold the pipe open
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return "", errors.New("it does not answer")
	case err != nil && complaint.Len() > 0:
		return "", fmt.Errorf("%w: %s", err, firstLine(complaint.String()))
	}
	return out.String()[:min(out.Len(), mostOutput)], err
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line[:min(len(line), 200)]
}
