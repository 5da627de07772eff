package check

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/occbench/occbench/internal/clocks"
	"github.com/occbench/occbench/internal/history"
)

// generatorClock is the clock of a generator of a simulated run.
type generatorClock struct {
	ahead        int64
	rate         float64
	step, stepAt int64
}

func (c *generatorClock) at(t int64) int64 {
	shown := t + c.ahead + int64(float64(t)*c.rate)
	if c.stepAt > 0 && t >= c.stepAt {
		shown += c.step
	}
	return shown
}

// divided is a run that several generators recorded, each by its own clock.
type divided struct {
	clocks []generatorClock
	lines  [][]history.Op
}

// divide gives the operators of a run to generators, each of which audits by itself. All
// times are multiplied, which a right server does not mind.
func divide(ops []history.Op, generators int, times float64, r *rand.Rand) *divided {
	d := &divided{lines: make([][]history.Op, max(generators, -generators))}
	for range d.lines {
		d.clocks = append(d.clocks, generatorClock{ahead: r.Int64N(10e9), rate: (2*r.Float64() - 1) * 100e-6})
	}
	apart := generators < 0 // each operator reads with one generator and updates with another one
	for i := range ops {
		o := ops[i]
		o.Start = int64(float64(o.Start) * times)
		if o.Answered() {
			o.End = int64(float64(o.End) * times)
		}
		by := int(o.Operator)
		if apart && o.Kind == history.Update {
			by, o.Operator = by+1, o.Operator+100
		}
		for g := range d.clocks {
			if o.Kind == history.Audit || by%len(d.clocks) == g {
				d.lines[g] = append(d.lines[g], o)
			}
		}
	}
	return d
}

// merge records the run, learns what the generators saw of each other, and returns the
// histories as one.
func (d *divided) merge(t testing.TB, counting bool) ([]history.Op, *clocks.Bounds) {
	t.Helper()
	var sources []clocks.Source
	for g, ops := range d.lines {
		data := []byte(history.Header + "\n")
		for i := range ops {
			o := ops[i]
			if o.Start = d.clocks[g].at(o.Start); o.Answered() {
				o.End = d.clocks[g].at(o.End)
			}
			data = history.AppendOp(data, &o)
		}
		sources = append(sources, clocks.Source{Generator: fmt.Sprint(g + 1), Path: "history.csv",
			Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }})
	}
	b, err := clocks.Learn(sources, clocks.Options{Counting: counting})
	if err != nil {
		t.Fatal(err)
	}
	var all []history.Op
	for g, ops := range d.lines {
		shift := b.Shift(fmt.Sprint(g + 1))
		for _, o := range ops {
			if o.Start = d.clocks[g].at(o.Start) + shift; o.Answered() {
				o.End = d.clocks[g].at(o.End) + shift
			}
			o.Generator = fmt.Sprint(g + 1)
			all = append(all, o)
		}
	}
	slices.SortStableFunc(all, func(a, b history.Op) int { return cmp.Compare(max(a.Start, a.End), max(b.Start, b.End)) })
	return all, b
}

// TestMergedRunsOfCorrectServers holds the checker to its first duty where the clocks of the
// generators differ: 2 to 6 of them, up to 10 s apart and 200 ppm faster than another, round
// trips of 0.2 to 200 ms, answers that are lost.
func TestMergedRunsOfCorrectServers(t *testing.T) {
	runs := uint64(100)
	if fuzzCheck(t) > 0 {
		runs = 10_000
	}
	operations := 0
	for seed := range runs {
		r := rand.New(rand.NewPCG(seed, 41))
		ops := simulate(seed, "")
		marked := seed%3 == 0
		if marked {
			if haveRivalsWithoutAnswer(ops) {
				continue // which of them made a version, and so whose marker it has, is not known
			}
			ops = opaqueWithMarkers(ops)
		}
		times := 0.05 * float64(int64(1)<<r.IntN(9))
		all, b := divide(ops, 2+r.IntN(5), times, r).merge(t, !marked)
		if len(b.Void) > 0 {
			t.Fatalf("seed %d: %+v is void", seed, b.Void)
		}
		for _, options := range []Options{{API: shop}, {API: shop, Shared: true}, {API: shop, fold: 1}, {}} {
			options.Clocks, options.Opaque = b, marked
			report := History(all, nil, options)
			if report.Updates == 0 {
				continue
			}
			if !report.Judged && !marked {
				t.Fatalf("seed %d is not judged: %v", seed, report.Why)
			}
			if found := append(report.Anomalies, report.Withheld...); len(found) > 0 {
				t.Fatalf("seed %d, %+v: %v\n%s", seed, options, spell(found), csv(all))
			}
		}
		operations += len(all)
	}
	t.Logf("%d runs, %d operations", runs, operations)
}

// haveRivalsWithoutAnswer reports whether two attempts from one version may both have made the next one.
func haveRivalsWithoutAnswer(ops []history.Op) bool {
	type version struct {
		record string
		number int64
	}
	lost := map[version]bool{}
	for i := range ops {
		o := &ops[i]
		if o.Kind != history.Update || !o.Outcome.Uncertain() {
			continue
		}
		from := version{o.Record, o.Expected}
		if lost[from] {
			return true
		}
		lost[from] = true
	}
	return false
}

// TestMergedRunsOfFaultyServers finds each fault, and each that takes several operations to prove with
// operations of different generators. Every other run reads with one generator and updates with another.
func TestMergedRunsOfFaultyServers(t *testing.T) {
	runs := uint64(6)
	if fuzzCheck(t) > 0 {
		runs = 200
	}
	for _, tt := range simulated {
		t.Run(tt.fault, func(t *testing.T) {
			var caught, several, across, closely int
			for seed := range runs {
				r := rand.New(rand.NewPCG(seed, 42))
				all, b := divide(simulate(seed, tt.fault), 4-8*int(seed%2), 1, r).merge(t, true)
				report := History(all, nil, Options{API: shop, Clocks: b})
				proven(t, &report)
				found := false
				for i := range report.Anomalies {
					f := &report.Anomalies[i]
					if !slices.Contains(tt.found, f.ID) {
						continue
					}
					found = true
					several += min(1, len(f.Operations)-1)
					if slices.ContainsFunc(f.Operations, func(e Evidence) bool { return e.Generator != f.Operations[0].Generator }) {
						across++
					}
					if f.ClockWidth > 0 {
						closely++
					}
				}
				if found {
					caught++
				}
			}
			t.Logf("found in %d of %d runs; %d proofs are of several operations, %d of several generators, %d rest on their clocks",
				caught, runs, several, across, closely)
			if caught < int(runs)/3 {
				t.Errorf("found in %d of %d runs, want most", caught, runs)
			}
			if several > int(runs)/2 && across == 0 { // versions that are set back bound no clocks
				t.Errorf("no proof is of several generators")
			}
		})
	}
}

// TestSteppedClock steps the clock of a generator by 3 s in the middle of right runs: that is void, and no server is
// accused.
func TestSteppedClock(t *testing.T) {
	void, runs := 0, 0
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 43))
		d := divide(simulate(seed, ""), 2+int(seed%3), 10, r)
		last := d.lines[0][len(d.lines[0])-1]
		d.clocks[1].step, d.clocks[1].stepAt = 3e9, last.End/2
		all, b := d.merge(t, true)
		report := History(all, nil, Options{API: shop, Clocks: b})
		if len(report.Anomalies)+len(report.Withheld) > 0 {
			t.Fatalf("seed %d: %v\n%s", seed, spell(append(report.Anomalies, report.Withheld...)), csv(all))
		}
		runs++
		for _, v := range b.Void {
			if slices.Contains(v.Generators, "2") {
				void++
				break
			}
		}
	}
	t.Logf("%d of %d steps are named", void, runs)
	if void < runs/2 {
		t.Errorf("%d of %d steps are named", void, runs)
	}
}

// What happened within a generator is compared exactly, however far apart the clocks of others are; what others
// did counts only as far as their clocks are known.
func TestClockFrames(t *testing.T) {
	seen := func(generator string, start, version int64) history.Op {
		o := history.New()
		o.Kind, o.Outcome, o.HTTP, o.Record, o.Generator = history.Read, history.Seen, 200, "1", generator
		o.Start, o.End, o.Token, o.Operator = start, start+5, version, int32(generator[0])
		return o
	}
	updated := func(generator string, start, version int64) history.Op {
		o := seen(generator, start, version+1)
		o.Kind, o.Outcome, o.Expected = history.Update, history.Applied, version
		return o
	}
	bounds := func(width int64) *clocks.Bounds {
		return &clocks.Bounds{Window: 1e9, Generators: []clocks.Generator{{Name: "a"}, {Name: "b"}, {Name: "c"}},
			Windows: []clocks.Window{{Apart: []int64{0, width, width, width, 0, width, width, width, 0}}}}
	}
	for _, tt := range []struct {
		name  string
		width int64
		ops   []history.Op
		found bool
	}{
		{"stale within a generator", 1000, []history.Op{updated("b", 100, 1), seen("b", 110, 1)}, true},
		{"stale within a generator whose clock is unknown", clocks.Unknown, []history.Op{updated("c", 100, 1), seen("c", 110, 1)}, true},
		{"stale across generators, by more than the width", 3, []history.Op{updated("b", 100, 1), seen("c", 120, 1)}, true},
		{"perhaps stale", 20, []history.Op{updated("b", 100, 1), seen("c", 120, 1)}, false},
		{"unknown clocks", clocks.Unknown, []history.Op{updated("b", 100, 1), seen("a", 1e6, 1)}, false},
		{"lost update, whatever the clocks", clocks.Unknown, []history.Op{updated("b", 100, 1), updated("a", 1e6, 1)}, true},
		{"a generator that is not known", 3, []history.Op{updated("d", 100, 1), seen("d", 120, 1)}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			report := History(tt.ops, nil, Options{Clocks: bounds(tt.width), Excerpt: true})
			if found := len(report.Anomalies) > 0; found != tt.found {
				t.Errorf("found: %v, want %v: %v", found, tt.found, spell(report.Anomalies))
			}
			proven(t, &report)
		})
	}
}
