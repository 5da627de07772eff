// Package stall records when the process that makes the load did not run, and
// tells how much of a stretch of time that took.
//
// Its opinion: the generator is the first suspect. A stopped process, a CPU quota
// and a busy machine all look like a slow server to it, so it watches itself. What
// it recorded can excuse a server and never accuse it: a stall makes answers late,
// never early.
package stall

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Threshold is how late the process must be for a stall.
const Threshold = 50 * time.Millisecond

// Stall is a stretch of time in which the process, or a part of it, did not run.
// Times are ns of the run's clock.
type Stall struct {
	Start, End int64
	Late       int64  // how long something waited that was ready to run
	Generator  string // whose stall it is; empty where a run has one
}

// wake is how long a stall has an effect beyond its end: what piled up meanwhile is
// sent at once. It takes as long again as it piled up, where the server is busy
// half of the time, and no longer than this.
const wake = int64(time.Second)

// List holds the stalls of a run. A nil List knows of no stall and of no watch.
//
// Where a run has several generators, each has a list of its own: what one of them
// slept through excuses nothing that another sent.
type List struct {
	of map[string]*List // by generator; nil where there is one

	lines   []Stall
	stalls  []span // in the order of time, apart from each other
	effects []span // with their wakes
	late    int64  // the largest lateness that was no stall
}

type span struct{ start, end int64 }

// Add takes the next line of a recording.
func (l *List) Add(s Stall) {
	l.lines = append(l.lines, s)
	if s.Generator != "" {
		l.ensurePart(s.Generator).Add(Stall{Start: s.Start, End: s.End, Late: s.Late})
		return
	}
	if s.Late < int64(Threshold) {
		l.late = max(l.late, s.Late)
		return
	}
	l.stalls = mergeSpan(l.stalls, span{s.Start, s.End})
	l.effects = mergeSpan(l.effects, span{s.Start, s.End + min(s.End-s.Start, wake)})
}

// ensurePart returns the list of a generator, which is made when it is missing.
func (l *List) ensurePart(generator string) *List {
	if l.of == nil {
		l.of = map[string]*List{}
	}
	if l.of[generator] == nil {
		l.of[generator] = &List{}
	}
	return l.of[generator]
}

// ForGenerator returns what is known of one generator; where a run has one, of that.
func (l *List) ForGenerator(generator string) *List {
	if l == nil || l.of == nil {
		return l
	}
	return l.of[generator]
}

// Generators returns the names of the generators that have lists of their own, in
// order.
func (l *List) Generators() []string {
	if l == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(l.of))
}

// mergeSpan returns the spans with another one, joined with those that end after it begins.
func mergeSpan(spans []span, s span) []span {
	for len(spans) > 0 && spans[len(spans)-1].end >= s.start {
		last := spans[len(spans)-1]
		s = span{min(last.start, s.start), max(last.end, s.end)}
		spans = spans[:len(spans)-1]
	}
	return append(spans, s)
}

// CutAt returns the list as it was at a time.
func (l *List) CutAt(at int64) *List {
	if l == nil {
		return nil
	}
	then := &List{}
	for _, s := range l.lines {
		if s.End <= at {
			then.Add(s)
		}
	}
	return then
}

// SumAffected returns how much of the time from start to end was a stall of one generator
// or its wake, in ns.
func (l *List) SumAffected(start, end int64) int64 {
	if l == nil {
		return 0
	}
	i, _ := slices.BinarySearchFunc(l.effects, start, func(s span, at int64) int {
		if s.end <= at {
			return -1
		}
		return 1
	})
	sum := int64(0)
	for _, s := range l.effects[i:] {
		if s.start >= end {
			break
		}
		sum += min(s.end, end) - max(s.start, start)
	}
	return sum
}

// CountBefore returns the number of stalls that began before a time, and how long they
// took together, those of all generators.
func (l *List) CountBefore(before int64) (stalls int, total time.Duration) {
	if l == nil {
		return 0, 0
	}
	for _, s := range l.stalls {
		if s.start < before {
			stalls++
			total += time.Duration(s.end - s.start)
		}
	}
	for _, part := range l.of {
		n, took := part.CountBefore(before)
		stalls, total = stalls+n, total+took
	}
	return stalls, total
}

// MaxLateness returns the largest lateness outside the stalls, of any generator.
func (l *List) MaxLateness() time.Duration {
	if l == nil {
		return 0
	}
	late := time.Duration(l.late)
	for _, part := range l.of {
		late = max(late, part.MaxLateness())
	}
	return late
}

// Header is the first line of a recording, MergedHeader that of one which several
// generators made.
const (
	Header       = "start,end,late"
	MergedHeader = Header + ",generator"
)

// Reader reads a recording, also one that still grows: it keeps what a line lacks.
type Reader struct {
	r    *bufio.Reader
	name string
	line int
	part string
	many bool // lines name their generator
}

// NewReader returns a reader of a recording; name is for messages.
func NewReader(r io.Reader, name string) *Reader { return &Reader{r: bufio.NewReader(r), name: name} }

// ReadInto adds all whole lines to the list. A line that was cut off is no stall.
func (r *Reader) ReadInto(l *List) error {
	for {
		text, err := r.r.ReadString('\n')
		r.part += text
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading %s: %w", r.name, err)
		}
		line := strings.TrimSuffix(r.part, "\n")
		r.part = ""
		r.line++
		if r.line == 1 {
			if r.many = line == MergedHeader; !r.many && line != Header {
				return fmt.Errorf("reading %s:1: %q is not the header %s", r.name, line, Header)
			}
			continue
		}
		s, ok := parseLine(line, r.many)
		if !ok {
			return fmt.Errorf("reading %s:%d: %q is not three numbers of ns%s", r.name, r.line, line,
				map[bool]string{true: " and a generator"}[r.many])
		}
		l.Add(s)
	}
}

func parseLine(line string, many bool) (s Stall, ok bool) {
	if many {
		at := strings.LastIndexByte(line, ',') + 1
		line, s.Generator = line[:max(at-1, 0)], line[at:]
	}
	fields := strings.Split(line, ",")
	if len(fields) != 3 || many && s.Generator == "" {
		return Stall{}, false
	}
	for i, into := range []*int64{&s.Start, &s.End, &s.Late} {
		var err error
		if *into, err = strconv.ParseInt(fields[i], 10, 64); err != nil || *into < 0 {
			return Stall{}, false
		}
	}
	return s, s.End >= s.Start
}

func (s Stall) append(b []byte) []byte {
	b = strconv.AppendInt(b, s.Start, 10)
	b = append(b, ',')
	b = strconv.AppendInt(b, s.End, 10)
	b = append(b, ',')
	b = strconv.AppendInt(b, s.Late, 10)
	return append(b, '\n')
}

// AppendTo appends the lines of the list to a recording of several generators, shifted
// to its clock.
func (l *List) AppendTo(b []byte, shift int64, generator string) []byte {
	for _, s := range l.lines {
		s.Start, s.End = max(s.Start+shift, 0), max(s.End+shift, 0)
		b = s.append(b)
		b = append(b[:len(b)-1], ',')
		b = append(append(b, generator...), '\n')
	}
	return b
}
