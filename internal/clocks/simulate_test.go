package clocks

import (
	"bytes"
	"container/heap"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/occbench/occbench/internal/history"
)

const ms = 1_000_000 // ns

// world is a right server, several generators and their clocks. Times are true ones but in
// what is recorded.
type world struct {
	r       *rand.Rand
	now     int64
	serial  int
	queue   queue
	clocks  []clock
	records []item
	lines   [][]history.Op // by generator
	load
}

// load says what is played.
type load struct {
	generators, operators, records int
	fast, slow                     int64 // of each way, ns
	think                          int64 // mean, ns
	until                          int64
	record                         bool // with a clock record for each
	skew                           int64
	lost, foreign                  float64
	marked                         bool // tokens are hashes that come back, and attempts have markers
}

type item struct {
	version int64
	marker  string
}

// clock shows ahead at the true instant 0 and runs at a rate that changes slowly.
type clock struct {
	ahead        int64
	rate, wobble float64
	step, stepAt int64
}

func (c *clock) at(t int64) int64 {
	x := float64(t) / 1e9
	// The rate is rate + wobble·cos(x/20), its integral:
	shown := t + c.ahead + int64(1e9*(c.rate*x+c.wobble*20*math.Sin(x/20)))
	if c.stepAt > 0 && t >= c.stepAt {
		shown += c.step
	}
	return shown
}

type event struct {
	at     int64
	serial int
	do     func()
}
type queue []event

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].serial < q[j].serial
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(event)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func (w *world) after(wait int64, do func()) {
	w.serial++
	heap.Push(&w.queue, event{w.now + wait, w.serial, do})
}

func (w *world) way() int64 {
	return w.fast + int64(w.r.Float64()*w.r.Float64()*float64(w.slow-w.fast))
}

// playWorld plays a load and returns the world with what its generators recorded.
func playWorld(seed uint64, l load) *world { return stepWorld(seed, l, 0, 0) }

// stepWorld does so with a clock that steps in the middle.
func stepWorld(seed uint64, l load, g int, step int64) *world {
	w := &world{r: rand.New(rand.NewPCG(seed, 77)), load: l, lines: make([][]history.Op, l.generators)}
	w.records = make([]item, l.records+l.generators)
	for g := range l.generators {
		rate := (w.r.Float64()*2 - 1) * 70e-6
		w.clocks = append(w.clocks, clock{ahead: w.r.Int64N(10e9) + 1e9, rate: rate, wobble: 30e-6 * w.r.Float64()})
		begin := w.r.Int64N(l.skew + 1)
		for o := range l.operators {
			p := &player{world: w, g: g, id: int32(g*1000 + o + 1)}
			w.after(begin+w.way(), p.turn)
		}
		if l.record {
			for i, at := range []int64{0, l.until - 1e9} {
				p := &player{world: w, g: g, id: int32(g*1000 + 900 + i), on: w.load.records + g, until: begin + at + 1e9}
				w.after(begin+at, p.turn)
			}
		}
	}
	if step != 0 {
		w.clocks[g].step, w.clocks[g].stepAt = step, l.until/2
	}
	for len(w.queue) > 0 {
		next := heap.Pop(&w.queue).(event)
		w.now = next.at
		next.do()
	}
	return w
}

type player struct {
	*world
	g     int
	id    int32
	on    int   // the record, if it is always the same
	until int64 // then
	n     int
}

func (p *player) turn() {
	if end := max(p.until, 0); end > 0 && p.now >= end || end == 0 && p.now >= p.world.until {
		return
	}
	k := p.on
	if p.until == 0 {
		k = p.r.IntN(p.load.records)
	}
	p.read(k, func(seen item) {
		wait := int64(0)
		if p.until == 0 {
			wait = int64(p.r.ExpFloat64() * float64(p.think))
		}
		p.after(wait, func() { p.update(k, seen) })
	})
}

func (p *player) read(k int, then func(item)) {
	o := history.New()
	o.Kind, o.Outcome, o.HTTP, o.Operator, o.Attempt, o.Record = history.Read, history.Seen, 200, p.id, 1, fmt.Sprint(k)
	sent := p.now
	p.after(p.way(), func() {
		seen := p.records[k]
		p.after(p.way(), func() {
			p.show(&o, seen)
			p.write(o, sent, p.now)
			then(seen)
		})
	})
}

// next goes on after an update: on a clock record with a look at that of another generator.
func (p *player) next() {
	if p.until == 0 {
		p.turn()
		return
	}
	other := (p.g + 1 + p.n%max(1, p.generators-1)) % p.generators
	p.read(p.load.records+other, func(item) { p.turn() })
}

func (p *player) show(o *history.Op, seen item) {
	if p.marked {
		o.SetToken(fmt.Sprintf("h%d", seen.version%3))
		o.Marker = seen.marker
	} else {
		o.Token = seen.version
	}
}

func (p *player) update(k int, seen item) {
	o := history.New()
	o.Kind, o.Operator, o.Attempt, o.Record = history.Update, p.id, 1, fmt.Sprint(k)
	if p.n++; p.marked {
		o.Marker = fmt.Sprintf("m%d-%d", p.id, p.n)
		o.SetExpected(fmt.Sprintf("h%d", seen.version%3))
	} else {
		o.Expected = seen.version
	}
	sent := p.now
	lost := p.r.Float64() < p.lost
	p.after(p.way(), func() {
		c := &p.records[k]
		if p.r.Float64() < p.foreign {
			c.version, c.marker = c.version+1, ""
		}
		if o.Outcome, o.HTTP = history.Conflict, 409; c.version == seen.version {
			o.Outcome, o.HTTP = history.Applied, 200
			c.version, c.marker = c.version+1, o.Marker
		}
		answer := *c
		p.after(p.way(), func() {
			if lost {
				o.Outcome, o.HTTP = history.NoAnswer, 0
			} else if p.marked {
				o.SetToken(fmt.Sprintf("h%d", answer.version%3))
			} else {
				o.Token = answer.version
			}
			p.write(o, sent, p.now)
			p.next()
		})
	})
}

// write records an operation by the generator's clock.
func (p *player) write(o history.Op, sent, got int64) {
	o.Start, o.End = p.clocks[p.g].at(sent), p.clocks[p.g].at(got)
	if o.Outcome == history.NoAnswer {
		o.End = history.None
	}
	p.lines[p.g] = append(p.lines[p.g], o)
}

// sources returns what was recorded as files.
func (w *world) sources() []Source {
	var all []Source
	for g, ops := range w.lines {
		data := []byte(history.Header + "\n")
		for i := range ops {
			data = history.AppendOp(data, &ops[i])
		}
		all = append(all, Source{Generator: fmt.Sprint(g + 1), Path: "history.csv",
			Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }})
	}
	return all
}

// expectSound compares the bounds with the true clocks, and counts the places that are known.
func (w *world) expectSound(t *testing.T, b *Bounds) (known, all int) {
	t.Helper()
	for a := range w.clocks {
		for c := range w.clocks {
			for at := int64(0); at < w.until; at += w.until / 37 {
				from := w.clocks[a].at(at) + b.Generators[a].Shift
				to := w.clocks[c].at(at) + b.Generators[c].Shift
				low, high, ok := b.Place(a, c, from)
				if all++; !ok {
					continue
				}
				if known++; to < low || to > high {
					t.Errorf("at %d clock %d shows %d and clock %d %d, which is not within %d and %d", at, a, from, c, to, low-to, high-to)
				}
			}
		}
	}
	return known, all
}
