package history

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestRecorderKeepsTheOrder(t *testing.T) {
	ops := traffic(5000)
	var file bytes.Buffer
	r := NewRecorder(sink{&file}, RecorderOptions{})
	for i := range ops {
		r.Record(&ops[i])
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := readAll(NewReader(&file, "recorded"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ops, got); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
	if r.Dropped() != 0 {
		t.Errorf("%d operations were dropped", r.Dropped())
	}
}

// TestRecorderOfManyOperators checks that nothing is lost, torn or reordered
// within one operator when twenty record at once.
func TestRecorderOfManyOperators(t *testing.T) {
	const operators, each = 20, 2000
	var file bytes.Buffer
	r := NewRecorder(sink{&file}, RecorderOptions{})
	var running sync.WaitGroup
	for operator := range operators {
		running.Go(func() {
			o := with(func(o *Op) { o.Operator = int32(operator + 1) })
			for i := range each {
				o.Start = int64(i)
				r.Record(&o)
			}
		})
	}
	running.Wait()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	var next [operators + 1]int64
	reader := NewReader(&file, "recorded")
	var o Op
	err := reader.Read(&o)
	for ; err == nil; err = reader.Read(&o) {
		if o.Start != next[o.Operator] {
			t.Fatalf("line %d is operation %d of operator %d, want %d", reader.Line(), o.Start, o.Operator, next[o.Operator])
		}
		next[o.Operator]++
	}
	if err != io.EOF || reader.Line() != operators*each+1 || r.Dropped() != 0 {
		t.Errorf("%d lines, then %v, %d dropped; want %d, EOF and none", reader.Line(), err, r.Dropped(), operators*each+1)
	}
}

// stuck is a disk that does not answer until it is released.
type stuck struct {
	bytes.Buffer
	released chan struct{}
}

func (s *stuck) Write(data []byte) (int, error) {
	<-s.released
	return s.Buffer.Write(data)
}

func (s *stuck) Close() error { return nil }

// TestRecorderDoesNotWaitForTheDisk records against a disk that hangs: the
// memory stays within the limit, and what did not fit is counted.
func TestRecorderDoesNotWaitForTheDisk(t *testing.T) {
	const limit, recorded = 256 << 10, 20_000
	disk := &stuck{released: make(chan struct{})}
	r := NewRecorder(disk, RecorderOptions{Limit: limit})
	ops := traffic(recorded)
	for i := range ops {
		r.Record(&ops[i])
	}
	dropped := r.Dropped()
	if dropped == 0 {
		t.Error("nothing was dropped although the disk hangs")
	}
	close(disk.released)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if kept := disk.Len() - len(Header) - 1; kept > limit || kept < limit/2 {
		t.Errorf("%d bytes waited for the disk, want at most %d and nearly as many", kept, limit)
	}
	got, err := readAll(NewReader(&disk.Buffer, "recorded"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ops[:recorded-dropped], got); diff != "" {
		t.Errorf("the first %d operations (-want +got):\n%s", recorded-dropped, diff)
	}
}

// TestRecorderGoesOnAfterAPause drops while the disk hangs and records again
// when it answers: memory that was written is used again.
func TestRecorderGoesOnAfterAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &stuck{released: make(chan struct{})}
		r := NewRecorder(disk, RecorderOptions{Limit: 64 << 10})
		ops := traffic(3000)
		for i := range ops {
			r.Record(&ops[i])
		}
		dropped := r.Dropped()
		close(disk.released)
		synctest.Wait()
		for i := range 10 * len(ops) {
			r.Record(&ops[i%len(ops)])
			synctest.Wait()
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if r.Dropped() != dropped || dropped == 0 {
			t.Errorf("dropped %d while the disk hung and %d in all, want some and the same", dropped, r.Dropped())
		}
		if got, want := int64(bytes.Count(disk.Bytes(), []byte{'\n'})-1), int64(11*len(ops))-dropped; got != want {
			t.Errorf("%d operations in the file, want %d", got, want)
		}
	})
}

// TestRecorderFlushes looks at the file a second after an operation.
func TestRecorderFlushes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var file bytes.Buffer
		r := NewRecorder(sink{&file}, RecorderOptions{})
		synctest.Wait()
		if got := file.String(); got != Header+"\n" {
			t.Errorf("at first the file is %q, want the header", got)
		}
		o := with(func(*Op) {})
		for i := range 3 {
			r.Record(&o)
			time.Sleep(time.Second)
			synctest.Wait()
			if got, want := strings.Count(file.String(), "\n"), i+2; got != want {
				t.Errorf("after %d s the file has %d lines, want %d", i+1, got, want)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// full is a disk with room for so many bytes.
type full struct {
	bytes.Buffer
	room int
}

var errFull = errors.New("no space left on device")

func (f *full) Write(data []byte) (int, error) {
	fits := min(f.room-f.Len(), len(data))
	f.Buffer.Write(data[:fits])
	if fits < len(data) {
		return fits, errFull
	}
	return fits, nil
}

func (f *full) Close() error { return nil }

// TestRecorderOnAFullDisk lets the disk fill up at every byte of a history:
// what fits is readable, and the rest is counted.
func TestRecorderOnAFullDisk(t *testing.T) {
	ops := traffic(4)
	for room := range len(encode(ops)) {
		disk := &full{room: room}
		r := NewRecorder(disk, RecorderOptions{})
		for i := range ops {
			r.Record(&ops[i])
		}
		if err := r.Close(); !errors.Is(err, errFull) || r.Err() != err {
			t.Fatalf("%d bytes fit: Close says %v, Err %v; want both %v", room, err, r.Err(), errFull)
		}
		got, err := readAll(NewReader(&disk.Buffer, "recorded"))
		if err != nil {
			t.Fatalf("%d bytes fit: %v", room, err)
		}
		if diff := cmp.Diff(ops[:len(ops)-int(r.Dropped())], got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%d bytes fit: operations (-want +got):\n%s", room, diff)
		}
	}
}

// TestRecorderGoesOnHarmlessly fills the disk long before the end.
func TestRecorderGoesOnHarmlessly(t *testing.T) {
	disk := &full{room: 5000}
	r := NewRecorder(disk, RecorderOptions{Limit: 64 << 10})
	ops := traffic(20_000)
	for i := range ops {
		r.Record(&ops[i])
	}
	if err := r.Close(); err == nil || err.Error() != "recording the history: no space left on device" {
		t.Errorf("Close says %v", err)
	}
	got, err := readAll(NewReader(&disk.Buffer, "recorded"))
	if err != nil || int64(len(got))+r.Dropped() != int64(len(ops)) {
		t.Errorf("%d read (%v) and %d dropped of %d", len(got), err, r.Dropped(), len(ops))
	}
}

// curt takes only half of what it gets and calls that a success.
type curt struct{ bytes.Buffer }

func (c *curt) Write(data []byte) (int, error) { return c.Buffer.Write(data[:len(data)/2]) }

func (c *curt) Close() error { return errors.New("closed badly") }

func TestRecorderTellsTheFirstError(t *testing.T) {
	r := NewRecorder(&curt{}, RecorderOptions{})
	if err := r.Close(); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("Close says %v, want %v", err, io.ErrShortWrite)
	}
}

// late is a disk that fails when it is synced, as a network file system does.
type late struct{ sink }

func (late) Sync() error { return errFull }

func TestRecorderSyncs(t *testing.T) {
	r := NewRecorder(late{sink{io.Discard}}, RecorderOptions{})
	if err := r.Close(); !errors.Is(err, errFull) {
		t.Errorf("Close says %v, want %v", err, errFull)
	}
}

func TestRecorderAfterClose(t *testing.T) {
	var file bytes.Buffer
	r := NewRecorder(sink{&file}, RecorderOptions{})
	for range 2 {
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	o := with(func(*Op) {})
	r.Record(&o)
	if r.Dropped() != 1 || file.String() != Header+"\n" {
		t.Errorf("%d dropped and the file %q, want 1 and the header", r.Dropped(), file.String())
	}
}

func TestRecorderRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		op   Op
		want string
	}{
		{"zero", Op{}, "recording a kind(0) of operator 0: the kind, the outcome or a flag is unknown"},
		{"long record", update(func(o *Op) { o.Record, o.Outcome = strings.Repeat("x", MaxText+1), Conflict }), "longer than 1024 bytes"},
		{"state that is long when it is written", update(func(o *Op) { o.State, o.Outcome = strings.Repeat("\n", MaxText/3+1), Conflict }), "longer than 1024 bytes"},
		{"no start", with(func(o *Op) { o.Start = None }), "a number is negative"},
		{"token of two forms", update(func(o *Op) { o.TokenText, o.Token, o.Outcome = "a", 5, Conflict }), "a number and a text at once"},
		{"number as the text of a token", update(func(o *Op) { o.TokenText, o.Outcome = "5", Conflict }), "the text of a token is a number"},
		{"long marker", update(func(o *Op) { o.Marker, o.Outcome = strings.Repeat("x", MaxText+1), Conflict }), "longer than 1024 bytes"},
		{"negative token", update(func(o *Op) { o.Token, o.Outcome = -7, Conflict }), "a number is negative"},
		{"http of two digits", with(func(o *Op) { o.HTTP = 42 }), "the HTTP status has not three digits"},
		{"unknown flag", with(func(o *Op) { o.Flags = 64 }), "the kind, the outcome or a flag is unknown"},
		{"no answer with an end", with(func(o *Op) { o.Outcome = NoAnswer }), "no end if and only if its outcome is no_answer"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var file bytes.Buffer
			r := NewRecorder(sink{&file}, RecorderOptions{})
			r.Record(&test.op)
			o := with(func(*Op) {})
			r.Record(&o)
			err := r.Close()
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Close says %v, want %s", err, test.want)
			}
			if got, err := readAll(NewReader(&file, "recorded")); err != nil || len(got) != 1 || r.Dropped() != 1 {
				t.Errorf("%d read (%v) and %d dropped, want the other one and 1", len(got), err, r.Dropped())
			}
		})
	}
}

func TestRecorderDoesNotAllocate(t *testing.T) {
	r := NewRecorder(sink{io.Discard}, RecorderOptions{})
	o := traffic(2)[1]
	if got := testing.AllocsPerRun(5000, func() { r.Record(&o) }); got != 0 {
		t.Errorf("%g allocations per operation, want 0", got)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}
