package check

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/reference-server/appointment"
)

// long plays a correct server and operators that never pause: each reads a record
// and updates it, in turns, one operation per µs, in the order of completion. With
// few records most updates are refused.
func long(operations, records int, yield func(*history.Op)) {
	const operators, wait = 20, 9_000
	r := rand.New(rand.NewPCG(uint64(operations), uint64(records)))
	ids := make([]string, records)
	table := make([]register, records)
	for i := range table {
		ids[i], table[i] = strconv.Itoa(i+1), register{1, appointment.Scheduled}
	}
	now := int64(0)
	audit := func() {
		for i := range table {
			o := history.New()
			o.Kind, o.Record, o.Start, o.End = history.Audit, ids[i], now, now+wait
			table[i].read(&o)
			o.Kind = history.Audit
			yield(&o)
		}
		now += 2 * wait
	}
	audit()
	type view struct {
		record int
		seen   register
		moving bool
	}
	views := make([]view, operators)
	for i := range operations - 2*records {
		now += 1_000
		v := &views[i%operators]
		o := history.New()
		o.Operator, o.Attempt, o.Start, o.End = int32(i%operators+1), 1, now, now+wait
		if !v.moving {
			v.record = r.IntN(records)
			v.seen = table[v.record]
		}
		o.Record = ids[v.record]
		c := &table[v.record]
		switch {
		case !v.moving:
			c.read(&o)
		case v.seen.version == c.version:
			o.Kind, o.Expected, o.Target = history.Update, c.version, string(walk[c.status])
			c.version, c.status = c.version+1, walk[c.status]
			o.Outcome, o.HTTP, o.Token, o.State = history.Applied, 200, c.version, string(c.status)
		default:
			o.Kind, o.Expected, o.Target = history.Update, v.seen.version, string(walk[v.seen.status])
			o.Outcome, o.HTTP, o.Token, o.State = history.Conflict, 409, c.version, string(c.status)
		}
		v.moving = !v.moving
		yield(&o)
	}
	now += 2 * wait
	audit()
}

// longFile writes a long history and returns its path.
func longFile(tb testing.TB, operations, records int, change ...func(*history.Op)) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "history.csv")
	file, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	w := bufio.NewWriterSize(file, 1<<20)
	line := append([]byte(nil), history.Header+"\n"...)
	long(operations, records, func(o *history.Op) {
		w.Write(line) // the writer keeps its first error for Flush
		for _, change := range change {
			change(o)
		}
		line = history.AppendOp(line[:0], o)
	})
	w.Write(line)
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	if err := file.Close(); err != nil {
		tb.Fatal(err)
	}
	return path
}

func opener(path string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return os.Open(path) }
}

// TestFolding holds folding to its promise: it changes the memory and nothing
// else.
func TestFolding(t *testing.T) {
	var ops []history.Op
	long(60_000, 3, func(o *history.Op) { ops = append(ops, *o) })
	tests := []struct {
		name   string
		change func([]history.Op)
		blind  bool
	}{
		{"correct", func([]history.Op) {}, false},
		{"a read of the distant past", func(ops []history.Op) {
			for i := 40_000; ; i++ {
				if ops[i].Kind == history.Read {
					ops[i].Token, ops[i].State = 2, string(appointment.InProgress)
					return
				}
			}
		}, true},
		{"a lost update early on", func(ops []history.Op) {
			for i := 20_000; ; i++ {
				if o := &ops[i]; o.Outcome == history.Conflict {
					o.Outcome, o.HTTP, o.Token, o.State = history.Applied, 200, o.Expected+1, o.Target
					return
				}
			}
		}, true},
		{"an unknown fate", func(ops []history.Op) {
			for i := 20_000; ; i++ {
				if o := &ops[i]; o.Outcome == history.Applied {
					o.Outcome, o.HTTP, o.Token, o.State, o.End = history.NoAnswer, 0, history.None, "", history.None
					return
				}
			}
		}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ops := append([]history.Op(nil), ops...)
			tt.change(ops)
			c := New(Options{API: shop})
			c.fold = foldAt
			for i := range ops {
				c.Add(&ops[i], i+2)
			}
			c.judge(false)
			folded, pages := 0, 0
			for _, k := range c.order {
				folded, pages = folded+len(k.folded), pages+len(k.pages)
			}
			if folded == 0 || pages > 3*2*foldAt {
				t.Errorf("%d runs were folded, %d pages are left, want some and at most %d", folded, pages, 3*2*foldAt)
			}
			if c.blind != tt.blind {
				t.Errorf("blind is %v, want %v", c.blind, tt.blind)
			}
			want := New(Options{API: shop})
			for i := range ops {
				want.Add(&ops[i], i+2)
			}
			short, whole := History(ops, nil, Options{API: shop}), want.Finish()
			if diff := cmp.Diff(counts(&whole), counts(&short)); diff != "" {
				t.Errorf("findings with folding (-want +got):\n%s", diff)
			}
			proven(t, &short)
		})
	}
}

func counts(r *Report) map[string]int64 {
	n := make(map[string]int64)
	for i := range r.Anomalies {
		n[r.Anomalies[i].ID.String()] = r.Anomalies[i].Count
	}
	return n
}

func BenchmarkCore(b *testing.B) {
	for _, records := range []int{8, 1000} {
		b.Run(fmt.Sprintf("records=%d", records), func(b *testing.B) {
			var ops []history.Op
			long(1_000_000, records, func(o *history.Op) { ops = append(ops, *o) })
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				c := New(Options{API: shop, fold: foldAt})
				c.fold = foldAt
				for i := range ops {
					c.Add(&ops[i], i+2)
				}
				if r := c.Finish(); !r.Judged || len(r.Anomalies) > 0 || c.blind {
					b.Fatalf("%+v", r)
				}
			}
			b.ReportMetric(float64(b.N)*float64(len(ops))/b.Elapsed().Seconds()/1e6, "Mop/s")
		})
	}
}

// BenchmarkFile decodes and checks 10,000,000 recorded operations. peak-MiB is
// the memory that the program holds, its heap and all else.
func BenchmarkFile(b *testing.B) {
	for _, records := range []int{8, 1000} {
		b.Run(fmt.Sprintf("records=%d", records), func(b *testing.B) {
			path := longFile(b, 10_000_000, records)
			runtime.GC()
			b.ResetTimer()
			for range b.N {
				r, err := File(opener(path), path, Options{API: shop})
				if err != nil || !r.Judged || len(r.Anomalies) > 0 {
					b.Fatalf("%+v %v", r, err)
				}
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys)/(1<<20), "peak-MiB")
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/file")
		})
	}
}

// BenchmarkOpaque decodes and checks the same 10,000,000 operations with versions, with tokens
// in their place, and with markers beside these, and reports how many times as long
// the latter two take.
func BenchmarkOpaque(b *testing.B) {
	const operations, records = 10_000_000, 1000
	named := func(o *history.Op) {
		o.TokenText, o.ExpectedText = nameVersion(o.Token), nameVersion(o.Expected)
		o.Token, o.Expected = history.None, history.None
	}
	files := []string{
		longFile(b, operations, records),
		longFile(b, operations, records, named),
		longFile(b, operations, records, markAttempts(), named),
	}
	var took [3]time.Duration
	for b.Loop() {
		for i, path := range files {
			begun := time.Now()
			r, err := File(opener(path), path, Options{Opaque: i > 0})
			if err != nil || !r.Judged || len(r.Anomalies) > 0 {
				b.Fatalf("%+v %v", r, err)
			}
			took[i] += time.Since(begun)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "peak-MiB")
	b.ReportMetric(took[0].Seconds()/float64(b.N), "s/counting")
	b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "opaque/counting")
	b.ReportMetric(took[2].Seconds()/took[0].Seconds(), "marked/counting")
}

// markAttempts returns a function that gives each update a marker, and reads that of the
// update which made their version.
func markAttempts() func(*history.Op) {
	type version struct {
		record string
		number int64
	}
	makers, n := map[version]string{}, 0
	return func(o *history.Op) {
		if o.Kind != history.Update {
			o.Marker = makers[version{o.Record, o.Token}]
			if o.Marker == "" {
				o.Marker = "seed"
			}
			return
		}
		n++
		if o.Marker = fmt.Sprintf("run7-%d", n); o.Outcome == history.Applied {
			makers[version{o.Record, o.Token}] = o.Marker
		}
	}
}
