package stall

import (
	"strings"
	"testing"
	"time"
)

const ms = int64(time.Millisecond)

func listOf(stalls ...Stall) *List {
	l := &List{}
	for _, s := range stalls {
		l.Add(s)
	}
	return l
}

func TestAffected(t *testing.T) {
	l := listOf(
		Stall{Start: 0, End: 1000 * ms, Late: 12 * ms}, // no stall
		Stall{Start: 1000 * ms, End: 1100 * ms, Late: 90 * ms},
		Stall{Start: 1050 * ms, End: 1150 * ms, Late: 90 * ms},
		Stall{Start: 5000 * ms, End: 8000 * ms, Late: 2990 * ms},
	)
	for _, c := range []struct {
		name       string
		start, end int64
		want       int64
	}{
		{"before", 0, 1000, 0},
		{"within", 1010, 1020, 10},
		{"over both", 900, 1140, 140},
		{"wake of as long again", 1150, 1400, 100},
		{"long after", 1400, 4000, 0},
		{"the wake of a long one is a second", 4000, 20_000, 4000},
		{"over all", 0, 20_000, 250 + 4000},
		{"no answer", 6000, -1, 0},
	} {
		if got := l.SumAffected(c.start*ms, c.end*ms); got != c.want*ms {
			t.Errorf("%s: %v of %d to %d ms are affected, want %d ms", c.name, time.Duration(got), c.start, c.end, c.want)
		}
	}
	if n, total := l.CountBefore(9000 * ms); n != 2 || total != 3150*time.Millisecond {
		t.Errorf("%d stalls of %v, want 2 of 3.15s", n, total)
	}
	if n, _ := l.CountBefore(2000 * ms); n != 1 {
		t.Errorf("%d stalls in the first two seconds, want 1", n)
	}
	if l.MaxLateness() != 12*time.Millisecond {
		t.Errorf("late by %v outside of the stalls, want 12ms", l.MaxLateness())
	}
	if n, _ := l.CutAt(2000 * ms).CountBefore(9000 * ms); n != 1 {
		t.Errorf("%d stalls were known after two seconds, want 1", n)
	}
	var none *List
	if n, total := none.CountBefore(9000 * ms); none.SumAffected(0, 9000*ms) != 0 || none.CutAt(1) != nil || none.MaxLateness() != 0 || n != 0 || total != 0 {
		t.Error("a process that did not watch itself was stalled")
	}
}

func TestReader(t *testing.T) {
	var l List
	r := NewReader(strings.NewReader(Header+"\n1000,2000,60000000\n3000,4000,6"), "stalls.csv")
	if err := r.ReadInto(&l); err != nil {
		t.Fatal(err)
	}
	if n, _ := l.CountBefore(1 << 60); n != 1 || l.MaxLateness() != 0 {
		t.Errorf("%d stalls, late %v: the line that is cut off counts", n, l.MaxLateness())
	}
	for _, wrong := range []string{"start,end\n", Header + "\n1,2\n", Header + "\n1,2,x\n", Header + "\n2,1,0\n", Header + "\n-1,1,0\n"} {
		if err := NewReader(strings.NewReader(wrong), "stalls.csv").ReadInto(&List{}); err == nil || !strings.Contains(err.Error(), "reading stalls.csv:") {
			t.Errorf("%q is read: %v", wrong, err)
		}
	}
}

// A stall of one generator is none of another.
func TestStallsOfGenerators(t *testing.T) {
	text := []byte(MergedHeader + "\n")
	text = listOf(Stall{Start: 1000 * ms, End: 2000 * ms, Late: 990 * ms}).AppendTo(text, 500*ms, "1")
	text = listOf(Stall{Start: 10 * ms, End: 20 * ms, Late: 30 * ms}).AppendTo(text, -15*ms, "2")
	var l List
	if err := NewReader(strings.NewReader(string(text)), "stalls.csv").ReadInto(&l); err != nil {
		t.Fatal(err)
	}
	at := func(of string) int64 { return l.ForGenerator(of).SumAffected(1500*ms, 2000*ms) }
	if at("1") != 500*ms || at("2") != 0 || at("3") != 0 {
		t.Errorf("affected: %d, %d, %d ns; want 500 ms of generator 1 alone", at("1"), at("2"), at("3"))
	}
	if n, total := l.CountBefore(1 << 60); n != 1 || total != time.Second || l.MaxLateness() != 30*time.Millisecond || l.ForGenerator("1").MaxLateness() != 0 {
		t.Errorf("%d stalls of %v, late %v", n, total, l.MaxLateness())
	}
	if n, _ := l.CutAt(100 * ms).CountBefore(1 << 60); n != 0 || len(l.Generators()) != 2 {
		t.Errorf("%d stalls until then, generators %v", n, l.Generators())
	}
	for _, wrong := range []string{"1,2,3\n", "1,2,3,\n", "2,1,3,a\n"} {
		if err := NewReader(strings.NewReader(MergedHeader+"\n"+wrong), "stalls.csv").ReadInto(&List{}); err == nil {
			t.Errorf("%q is read", wrong)
		}
	}
}
