package check

import (
	"github.com/occbench/occbench/internal/clocks"
	"github.com/occbench/occbench/internal/history"
)

// clockOf is the clock of one of several generators; without bounds the only one.
type clockOf struct {
	clocks    *clocks.Bounds
	generator int
}

// placer puts operations of all generators on the clock of one of them.
type placer struct {
	clockOf
	name   string // the generator last met
	number int    // of it; -1: it is none of those whose clocks are known
	placed history.Op
}

// anyTime is farther away than what a clock shows.
const anyTime = 1 << 60

// place returns an operation as it is on the clock; it is valid until the next one.
func (p *placer) place(o *history.Op) *history.Op {
	if p.clocks == nil || p.isOwn(o.Generator) {
		return o
	}
	p.placed = *o
	p.placed.Start, p.placed.End = p.placeCall(o.Generator, o.Start, o.End)
	return &p.placed
}

// isOwn reports whether the clock is that of a generator, and notes its number.
func (p *placer) isOwn(generator string) bool {
	if generator != p.name {
		p.name, p.number = generator, p.clocks.Find(generator)
	}
	return p.number == p.generator
}

// placeCall returns when at the earliest and at the latest a call of a generator began and ended.
func (p *placer) placeCall(generator string, start, end int64) (from, to int64) {
	if p.clocks == nil || p.isOwn(generator) {
		return start, end
	}
	from, to = -anyTime, anyTime
	if low, _, known := p.clocks.Place(p.number, p.generator, start); known {
		from = low
	}
	if end == history.None || end == never {
		return from, end
	}
	if _, high, known := p.clocks.Place(p.number, p.generator, end); known {
		to = max(0, high) // later is weaker, and -1 stands for no answer
	}
	return from, to
}
