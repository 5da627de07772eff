package pipeline

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
)

// countOpens watches a run and returns how often its history was opened since the last
// call.
func countOpens(t *testing.T, dir run.Dir) func() int {
	t.Helper()
	fd, err := syscall.InotifyInit1(syscall.IN_NONBLOCK | syscall.IN_CLOEXEC)
	if err == nil {
		_, err = syscall.InotifyAddWatch(fd, dir.Raw(), syscall.IN_OPEN)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Close(fd); err != nil {
			t.Error(err)
		}
	})
	return func() int {
		n, buffer := 0, make([]byte, 1<<16)
		for {
			got, err := syscall.Read(fd, buffer)
			if errors.Is(err, syscall.EAGAIN) {
				return n
			}
			if err != nil {
				t.Fatal(err)
			}
			for events := buffer[:got]; len(events) >= syscall.SizeofInotifyEvent; {
				size := syscall.SizeofInotifyEvent + int(binary.NativeEndian.Uint32(events[12:]))
				if name := bytes.TrimRight(events[syscall.SizeofInotifyEvent:size], "\x00"); string(name) == run.HistoryFile {
					n++
				}
				events = events[size:]
			}
		}
	}
}

// What a validation does after the load opens the history once, and that of the
// run before it once, to compare.
func TestAHistoryIsReadOnce(t *testing.T) {
	folder := t.TempDir()
	before, now := judgedRun(t, folder, 1, 5), judgedRun(t, folder, 2, 5)
	p := &Pipeline{Settings: &settings.Settings{Out: folder}, Now: time.Now, Talk: io.Discard}
	ofNow, ofBefore := countOpens(t, now), countOpens(t, before)
	rec, err := p.checkHistory(now, gate.Default())
	if err != nil {
		t.Fatal(err)
	}
	result, err := p.judgeRun(now, rec, gate.Default())
	if err != nil {
		t.Fatal(err)
	}
	if result.Since == nil || result.Since.Comparison == nil {
		t.Fatalf("not compared with %s: %+v", filepath.Base(before.Path()), result.Since)
	}
	if n, b := ofNow(), ofBefore(); n != 1 || b != 1 {
		t.Errorf("the history was opened %d times and the earlier one %d times, want 1 and 1", n, b)
	}
	// A report that is drawn later looks whether the files are still the same.
	if _, err := DrawReports(now); err != nil {
		t.Fatal(err)
	}
	if n, b := ofNow(), ofBefore(); n != 1 || b != 1 {
		t.Errorf("for another report the history was opened %d times and the earlier one %d times, want 1 and 1", n, b)
	}
	if text := strings.Join(reason.Lines(result.Verdict.Reasons), "; "); len(result.Anomalies.Anomalies) > 0 {
		t.Errorf("a run with findings, whose proofs need another look: %s", text)
	}
}
