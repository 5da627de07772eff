package clocks

import (
	"math"

	"github.com/occbench/occbench/internal/history"
)

// flow collects what the generators saw of each other's updates.
//
// It takes causes alone: generator B has seen what an attempt of generator A made, so
// that attempt had been sent before. A server that shows old versions, or that
// confirms what it does not write, cannot make such an effect come before its cause;
// so what is learned of the clocks does not hide what the server does wrong. That B still saw the old version
// after A's update would bound the clocks too, but only if the server is right.
type flow struct {
	n        int // generators
	counting bool
	shift    []int64 // to the first one's clock, as well as known while reading
	first    []int64 // the earliest instant of each generator

	slots []slot  // of what was made or seen of late, by hash
	seen  []int64 // by slot and generator: the earliest end of a sight; else math.MaxInt64

	window int64
	most   int           // windows
	pairs  [][]influence // by maker × n + viewer: the tightest of each window of the viewer's clock
}

// influence is that something was seen by the instant seen of one clock, and that the
// attempt which made it was sent at the instant made of another one.
type influence struct {
	made, seen int64
}

var noInfluence = influence{math.MinInt64 / 4, math.MaxInt64 / 4}

// slack is by how much the viewer's clock may be ahead of the maker's.
func (i influence) slack() int64 { return i.seen - i.made }

// slot is one version or one marker of a record.
type slot struct {
	record, marker string
	version        int64
	by             int32 // the generator whose attempt made it; or
	made           int64 // when that attempt was sent
}

const (
	unmade    = -1 // its attempt is not known yet
	ambiguous = -2 // several claim it
)

const (
	slots     = 1 << 16 // a power of 2
	windowNs  = 1_000_000
	mostApart = 1 << 15 // numbers in clocks.json
)

func newFlow(n int, counting bool) *flow {
	f := &flow{n: n, counting: counting, shift: make([]int64, n), first: make([]int64, n), slots: make([]slot, slots),
		seen: make([]int64, slots*n), window: windowNs, most: max(16, mostApart/(n*n)), pairs: make([][]influence, n*n)}
	for g := range f.first {
		f.first[g] = math.MaxInt64
	}
	return f
}

// take takes an operation of a generator.
func (f *flow) take(g int, o *history.Op) {
	f.first[g] = min(f.first[g], o.Start)
	if o.Scheduled != history.None {
		f.first[g] = min(f.first[g], o.Scheduled)
	}
	if o.Record == "" || o.Flags&history.Contradiction != 0 {
		return
	}
	switch {
	case o.Kind != history.Update && o.Outcome == history.Seen && o.Answered():
		if f.counting && o.Token >= 0 {
			f.noteSight(g, f.findSlot(o.Record, "", o.Token), o.End)
		}
		if o.Marker != "" {
			f.noteSight(g, f.findSlot(o.Record, o.Marker, 0), o.End)
		}
	case o.Kind == history.Update:
		f.takeUpdate(g, o)
	}
}

func (f *flow) takeUpdate(g int, o *history.Op) {
	if o.Marker != "" {
		f.noteMaker(g, f.findSlot(o.Record, o.Marker, 0), o.Start)
	}
	if !f.counting || !o.Answered() {
		return
	}
	switch {
	case o.Outcome == history.Applied && o.Expected >= 0:
		f.noteSight(g, f.findSlot(o.Record, "", o.Expected), o.End)
		if o.Token == o.Expected+1 {
			f.noteMaker(g, f.findSlot(o.Record, "", o.Token), o.Start)
		}
	case o.Outcome == history.Conflict && o.Token >= 0 && o.Token != o.Expected:
		f.noteSight(g, f.findSlot(o.Record, "", o.Token), o.End)
	}
}

// findSlot returns the slot of a version, or of a marker, of a record. What was there
// before is forgotten: an influence that is not found bounds nothing.
func (f *flow) findSlot(record, marker string, version int64) int {
	at := uint64(version)*0x9E3779B97F4A7C15 + hashText(record)*0xC2B2AE3D27D4EB4F + hashText(marker)
	at ^= at >> 29
	at = at * 0xBF58476D1CE4E5B9 >> 32 & (slots - 1)
	s := &f.slots[at]
	if s.version != version || s.record != record || s.marker != marker || s.record == "" {
		*s = slot{record: record, marker: marker, version: version, by: unmade}
		seen := f.seen[int(at)*f.n:][:f.n]
		for g := range seen {
			seen[g] = math.MaxInt64
		}
	}
	return int(at)
}

// hashText returns a hash of the length and the last 12 bytes of a text: the ends of markers
// differ the most.
func hashText(text string) (h uint64) {
	for i := max(0, len(text)-12); i < len(text); i++ {
		h = h*131 + uint64(text[i])
	}
	return h + uint64(len(text))<<56
}

// noteSight notes that a generator had seen a slot's content by an instant.
func (f *flow) noteSight(g, at int, end int64) {
	seen := &f.seen[at*f.n+g]
	if *seen <= end {
		return
	}
	*seen = end
	if s := &f.slots[at]; s.by >= 0 && int(s.by) != g {
		f.add(int(s.by), g, influence{s.made, end})
	}
}

// noteMaker notes the attempt of a generator that made a slot's content. Where two
// claim to have made it, nothing follows from either.
func (f *flow) noteMaker(g, at int, start int64) {
	s := &f.slots[at]
	if s.by != unmade {
		s.by = ambiguous
		return
	}
	s.by, s.made = int32(g), start
	for viewer, end := range f.seen[at*f.n:][:f.n] {
		if end != math.MaxInt64 && viewer != g {
			f.add(g, viewer, influence{start, end})
		}
	}
}

// add keeps an influence of one generator on another where it is the tightest of its window.
func (f *flow) add(maker, viewer int, i influence) {
	for i.seen/f.window >= int64(f.most) {
		f.widenWindows()
	}
	p, at := &f.pairs[maker*f.n+viewer], int(i.seen/f.window)
	for len(*p) <= at {
		*p = append(*p, noInfluence)
	}
	if i.slack() < (*p)[at].slack() {
		(*p)[at] = i
		f.adjust(maker, viewer, i)
	}
}

// adjust moves the place at which a history is read where effects come before their causes.
func (f *flow) adjust(maker, viewer int, i influence) {
	if early := i.made + f.shift[maker] - i.seen - f.shift[viewer]; early <= 0 {
		return
	} else if viewer != 0 {
		f.shift[viewer] += early
	} else {
		f.shift[maker] -= early
	}
}

// widenWindows makes one window of two.
func (f *flow) widenWindows() {
	f.window *= 2
	for p, all := range f.pairs {
		half := all[:0]
		for i := 0; i < len(all); i += 2 {
			if best := all[i]; i+1 < len(all) && all[i+1].slack() < best.slack() {
				half = append(half, all[i+1])
			} else {
				half = append(half, best)
			}
		}
		f.pairs[p] = half
	}
}
