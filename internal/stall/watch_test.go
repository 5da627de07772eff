package stall

import (
	"bytes"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"
)

// A watch whose clock jumps sees a stall as long as the jump. The test's own lateness
// is in its recording too, so it asks for this one alone.
func TestWatch(t *testing.T) {
	var out bytes.Buffer
	var jump atomic.Int64
	begin := time.Now()
	w := NewWatch(&out, func() int64 { return int64(time.Since(begin)) + jump.Load() })
	jump.Store(int64(time.Hour))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil { // once more does no harm
		t.Fatal(err)
	}
	var l List
	if err := NewReader(&out, "stalls.csv").ReadInto(&l); err != nil {
		t.Fatal(err)
	}
	if _, total := l.CountBefore(1 << 62); total < time.Hour || total > 2*time.Hour {
		t.Errorf("stalled for %v, want an hour", total)
	}
}

func TestWatchSaysThatItCannotWrite(t *testing.T) {
	r, w := io.Pipe()
	_ = r.CloseWithError(errors.New("the disk is full"))
	if err := NewWatch(w, func() int64 { return 0 }).Close(); err == nil {
		t.Error("nothing was written, and nothing is said")
	}
}
