package measure

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/stall"
)

// stopped is a generator that did not run from 1 s to 3 s, and 20 ms late once.
func stopped() *stall.List {
	l := &stall.List{}
	l.Add(stall.Stall{Start: 100e6, End: 130e6, Late: 20e6})
	l.Add(stall.Stall{Start: 1000e6, End: 3000e6, Late: 1990e6})
	return l
}

// A stall of 2 s and its wake of 1 s excuse what they may be behind, and nothing else.
func TestStallsExcuse(t *testing.T) {
	for _, c := range []struct {
		name                    string
		lines                   string
		errors, conflicts, slow int // excused
		recovery                Recovery
	}{
		{"slow before it", "0,500,,1,update,17,1,ready,applied,200,2,ready,1,,,\n", 0, 0, 0, Recovery{}},
		{"slow during it", "900,3100,,1,update,17,1,ready,applied,200,2,ready,1,,,\n", 0, 0, 1, Recovery{}},
		{"slow in its wake", "3100,3900,,1,update,17,1,ready,applied,200,2,ready,1,,,\n", 0, 0, 1, Recovery{}},
		{"slow without it, too", "500,5000,,1,update,17,1,ready,applied,200,2,ready,1,,,\n", 0, 0, 0, Recovery{}},
		{"given up during it", "900,,,1,update,17,1,ready,no_answer,,,,1,,,\n3050,3060,,1,read,17,,,seen,200,1,ready,1,,,\n", 1, 0, 1, Recovery{}},
		{"given up before it", "100,,,1,update,17,1,ready,no_answer,,,,1,,,\n600,610,,1,read,17,,,seen,200,1,ready,1,,,\n", 0, 0, 0, Recovery{}},
		{"given up at the end", "900,,,1,update,17,1,ready,no_answer,,,,1,,,\n3050,3060,,2,read,17,,,seen,200,1,ready,1,,,\n", 1, 0, 1, Recovery{}},
		{"refused after thinking through it", "900,910,,1,read,17,,,seen,200,1,ready,1,,,\n3200,3210,,1,update,17,1,ready,conflict,409,2,ready,1,,,\n3220,3230,,1,read,17,,,seen,200,2,ready,2,,,\n",
			0, 1, 0, Recovery{Turns: 1, FoundThere: 1}},
		{"refused before it", "100,110,,1,read,17,,,seen,200,1,ready,1,,,\n300,310,,1,update,17,1,ready,conflict,409,2,ready,1,,,\n320,330,,1,read,17,,,seen,200,2,ready,2,,,\n",
			0, 0, 0, Recovery{Turns: 1, FoundThere: 1}},
		{"recovered late because of it", "700,710,,1,read,17,,,seen,200,1,ready,1,,,\n800,810,,1,update,17,1,ready,conflict,409,2,ready,1,,,\n3320,3330,,1,read,17,,,seen,200,2,ready,2,,,\n",
			0, 0, 0, Recovery{Turns: 1, Excused: 1}},
		{"recovered late without it, too", "4100,4110,,1,read,17,,,seen,200,1,ready,1,,,\n4200,4210,,1,update,17,1,ready,conflict,409,2,ready,1,,,\n7320,7330,,1,read,17,,,seen,200,2,ready,2,,,\n",
			0, 0, 0, Recovery{Turns: 1, Late: 1}},
		{"recovered late by as much as it is late anyway", "4100,4110,,1,read,17,,,seen,200,1,ready,1,,,\n4200,4210,,1,update,17,1,ready,conflict,409,2,ready,1,,,\n6220,6225,,1,read,17,,,seen,200,2,ready,2,,,\n",
			0, 0, 0, Recovery{Turns: 1, Excused: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := measured(t, Options{Stalls: stopped()}, opening+c.lines)
			same(t, "errors", n.ErrorRate.Excused, c.errors)
			same(t, "conflicts", n.ConflictRate.Excused, c.conflicts)
			same(t, "slow", n.Latency.Excused, c.slow)
			r := n.Recovery
			same(t, "recovery", Recovery{Turns: r.Turns, FoundThere: r.FoundThere, Late: r.Late, Excused: r.Excused}, c.recovery)
			without := measured(t, Options{}, opening+c.lines)
			same(t, "excused without a watch", without.ErrorRate.Excused+without.ConflictRate.Excused+without.Latency.Excused+without.Recovery.Excused, 0)
		})
	}
}

// A stall of one generator excuses nothing that another sent.
func TestStallsExcuseTheirOwnGenerator(t *testing.T) {
	l := &stall.List{}
	l.Add(stall.Stall{Start: 1000e6, End: 3000e6, Late: 1990e6, Generator: "a"})
	for of, want := range map[string]int{"a": 1, "b": 0, "c": 0} {
		lines := "900,3100,,1,update,17,1,ready,applied,200,2,ready,1,,," + of + "\n" +
			"900,,,2,update,17,1,ready,no_answer,,,,1,,," + of + "\n3050,3060,,2,read,17,,,seen,200,1,ready,1,,," + of + "\n"
		n := measured(t, Options{Stalls: l}, opening+lines)
		same(t, "slow, of "+of, n.Latency.Excused, 2*want)
		same(t, "errors, of "+of, n.ErrorRate.Excused, want)
		part := n.Generators[0]
		same(t, "generator", Part{Generator: part.Generator, Operations: part.Operations, Attempts: part.Attempts, Applied: part.Applied, Failed: part.Failed},
			Part{Generator: of, Operations: 3, Attempts: 2, Applied: 1, Failed: 1})
		same(t, "stalls of "+of, part.Stalls != nil, want == 1)
	}
}

// The bound that accuses is of times without the stall, the other one of times as
// they were measured.
func TestStallsWidenTheBoundsOfTheP95(t *testing.T) {
	var lines strings.Builder
	for i := range 100 {
		start, end := 10*i, 10*i+5
		if i >= 90 { // these wait through the stall
			end = 3010
		}
		fmt.Fprintf(&lines, "%d,%d,,%d,update,17,1,ready,applied,200,2,ready,1,,,\n", start, end, i+1)
	}
	l := measured(t, Options{Stalls: stopped()}, lines.String()).Latency
	if l.P95LowerMS == nil || *l.P95LowerMS > 100 {
		t.Errorf("at least %v without the stall", l.P95LowerMS)
	}
	if *l.P95MeasuredMS < 2000 || *l.P95UpperMS < 2000 {
		t.Errorf("from %v to %v as measured", *l.P95MeasuredMS, *l.P95UpperMS)
	}
	same(t, "p95", *l.P95MS > 2000, true)
	same(t, "stalls", measured(t, Options{Stalls: stopped()}, lines.String()).Stalls, &Stalls{Count: 1, TotalS: 2, LateMS: 20})
	same(t, "excused", l.Excused, 10)
	same(t, "moments", l.Moments, 0)
}

// Twenty operators who are slow at once tell as much as one.
func TestMovesOfOneMomentCountAsOne(t *testing.T) {
	m := New(Options{})
	for i := range 1000 {
		op := history.New()
		op.Kind, op.Outcome, op.Attempt, op.Operator, op.Record = history.Update, history.Applied, 1, int32(i%20+1), "17"
		op.Start = int64(i) * int64(25*time.Millisecond)
		op.End = op.Start + 1e6
		if i >= 500 && i < 570 {
			op.Start = int64(500 * 25 * time.Millisecond)
			op.End = op.Start + 450e6
		}
		m.Add(&op)
	}
	l := m.Numbers().Latency
	if l.Slow != 70 || l.Moments != 1 || l.Effect < 60 {
		t.Errorf("%d slow updates in %d moments, effect %v", l.Slow, l.Moments, l.Effect)
	}
	if *l.P95LowerMS > 400 {
		t.Errorf("the p95 is at least %v ms because of one moment", *l.P95LowerMS)
	}
}
