package k6run

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/history"
)

// lines hands each line to the test, which so knows when it was written.
type lines chan string

func (l lines) Write(p []byte) (int, error) { l <- string(p); return len(p), nil }

func TestProgressLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.csv")
	params := Params{History: path, Duration: 60 * time.Second}
	out, ticks, done := make(lines), make(chan time.Time), make(chan struct{})
	begin := time.Unix(0, 0)
	go (&Progress{W: out}).follow(params, begin, ticks, done)
	defer close(done)
	check := func(after time.Duration, want string) {
		t.Helper()
		ticks <- begin.Add(after)
		if got := <-out; got != want+"\n" {
			t.Errorf("line %q, want %q", got, want)
		}
	}

	check(5*time.Second, "5 s of 60 s · 0 moves")
	data := []byte(history.Header + "\n")
	for i := range 100 {
		o := move(history.Moved, 10*time.Millisecond)
		switch {
		case i < 4:
			o = move(history.Conflict, 5*time.Millisecond)
		case i == 4:
			o = move(history.NoAnswer, 0)
		}
		data = history.AppendOp(data, &o)
	}
	again := move(history.Conflict, 5*time.Millisecond)
	again.Flags = history.Double
	data = history.AppendOp(data, &again)
	whole := len(data)
	more := move(history.Moved, 10*time.Millisecond)
	data = history.AppendOp(data, &more)
	write(t, path, data[:whole+9])
	check(12*time.Second, "12 s of 60 s · 100 moves · 4 conflicts (4.0 %) · 1 errors · p95 10 ms")
	write(t, path, data)
	check(62*time.Second, "60 s of 60 s · 101 moves · 4 conflicts (4.0 %) · 1 errors · p95 10 ms")
}

func TestProgressOfAForeignFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.csv")
	write(t, path, []byte("something else\n"))
	tally := newTally(path)
	defer tally.close()
	tally.read()
	want := "1 s of 60 s · the history cannot be followed"
	if got := tally.line(time.Second, time.Minute); got != want {
		t.Errorf("line %q, want %q", got, want)
	}
}

func TestSpread(t *testing.T) {
	for _, ns := range []int64{0, 1, 15, 16, 17, 31, 32, 33, 999, 1e6, 123_456_789, 1e12} {
		top := int64(ceiling(bucket(ns)))
		if ns >= top || float64(top-1) > float64(ns)*(1+1.0/perOctave)+1 {
			t.Errorf("%d ns falls into a bucket that ends at %d", ns, top)
		}
		if next := bucket(top); next != bucket(ns)+1 {
			t.Errorf("after bucket %d comes %d", bucket(ns), next)
		}
	}
	var s spread
	for range 94 {
		s.add(int64(3 * time.Millisecond))
	}
	for range 6 {
		s.addEndless()
	}
	if got := s.p95(); got != "without an answer" {
		t.Errorf("p95 %q with 6 %% without an answer", got)
	}
}

func move(outcome history.Outcome, took time.Duration) history.Op {
	o := history.New()
	o.Kind, o.Outcome, o.Operator, o.Attempt = history.Move, outcome, 1, 1
	o.Card, o.Target, o.Expected = "17", "ready", 3
	o.Start = 1000
	if outcome != history.NoAnswer {
		o.End, o.HTTP, o.Version, o.Status = o.Start+int64(took), 200, 4, "ready"
	}
	return o
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
