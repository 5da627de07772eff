package history

import (
	"bytes"
	"context"
	"io"
	"runtime"
	"testing"
)

// divided returns the histories of so many generators, which together made n operations.
func divided(generators, n int) (all [][]byte) {
	ops := traffic(n)
	for g := range generators {
		text := []byte(Header + "\n")
		for i := range ops {
			if i/2%generators == g {
				o := ops[i]
				o.Operator += int32(20 * g)
				text = AppendOp(text, &o)
			}
		}
		all = append(all, text)
	}
	return all
}

func sourcesOf(all [][]byte) []Source {
	sources := make([]Source, len(all))
	for i := range all {
		sources[i] = Source{Reader: bytes.NewReader(all[i]), Name: "bench", Generator: string(rune('1' + i)), Shift: int64(i) * 12_345}
	}
	return sources
}

func BenchmarkMerge(b *testing.B) {
	const n = 400_000
	all := divided(4, n)
	for b.Loop() {
		if err := Merge(context.Background(), io.Discard, sourcesOf(all)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "ops/s")
}

// What it takes to read the same lines and write them anew.
func BenchmarkDecodeAndEncode(b *testing.B) {
	const n = 400_000
	all := divided(4, n)
	var out []byte
	var o Op
	for b.Loop() {
		for _, text := range all {
			for r := NewReader(bytes.NewReader(text), "bench"); r.Read(&o) == nil; {
				if out = AppendOp(out, &o); len(out) > flushed {
					out = out[:0]
				}
			}
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "ops/s")
}

// Merging holds a buffer a source and no more, however long the sources are.
func TestMergeHoldsNoHistory(t *testing.T) {
	all := divided(4, 10_000)
	once := func(times int) uint64 {
		sources := sourcesOf(all)
		for i := range sources {
			sources[i].Reader = &repeated{text: all[i][len(Header)+1:], head: all[i][:len(Header)+1], left: times}
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := Merge(context.Background(), io.Discard, sources); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	once(1)
	short, long := once(1), once(20)
	if long > short+short/2 || long > 8<<20 {
		t.Errorf("%d bytes for a history, %d for one of twenty times its length", short, long)
	}
}

// repeated is a history whose operations come again and again.
type repeated struct {
	head, text []byte
	at, left   int
}

func (r *repeated) Read(p []byte) (int, error) {
	if len(r.head) > 0 {
		n := copy(p, r.head)
		r.head = r.head[n:]
		return n, nil
	}
	if r.at == len(r.text) {
		r.at, r.left = 0, r.left-1
	}
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.text[r.at:])
	r.at += n
	return n, nil
}
