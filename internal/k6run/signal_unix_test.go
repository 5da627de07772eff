//go:build unix

package k6run

import (
	"context"
	"os"
	"strings"
	"syscall"
	"testing"
)

// The first interrupt that reaches this process ends k6 in order, the second is
// passed on; neither ends this process.
func TestSignalsAreRelayed(t *testing.T) {
	o := newOptions(t, "wait\nsay first\nwait\nsay second\nexit 105")
	interruptSelf := func() {
		if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
			t.Error(err)
		}
	}
	go func() {
		whenLogged(o, "waiting", interruptSelf)
		whenLogged(o, "first\nwaiting", interruptSelf)
	}()
	got, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got.State != Interrupted || got.Reason != "k6 was interrupted by a signal (Ctrl-C)" {
		t.Errorf("result %+v", got)
	}
	if log := readFile(t, o, LogFile); !strings.Contains(log, "second") {
		t.Errorf("the second signal did not reach k6; its log:\n%s", log)
	}
}
