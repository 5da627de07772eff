package measure

import (
	"math"
	"time"

	"github.com/occbench/occbench/internal/history"
)

// Bins is the largest number of bins of a Timeline.
const Bins = 300

// Timeline is a history over time and by record: the data of the
// pictures. Unlike Numbers it shows the warm-up too, and it is coarse: what it
// keeps does not grow with the run.
type Timeline struct {
	StepS     float64 `json:"step_s"`     // length of a bin
	MeasuredS float64 `json:"measured_s"` // where the warm-up ends; 0 when nothing was measured or there was no warm-up
	EndS      float64 `json:"end_s"`      // when the last operation was sent
	Bins      []Bin   `json:"bins"`       // from the base of the run on; those after the last operation are cut off
	Records   Records `json:"records"`
	Heat      Heat    `json:"heat"`

	Tries     []Try     `json:"tries"` // of turns, the first ones first
	Latencies Latencies `json:"latencies"`
}

// Bin counts the operations that were sent in one stretch of time.
type Bin struct {
	Outcomes    [classes]int `json:"outcomes"` // attempts by outcome, as history.Outcome numbers them
	Reads       int          `json:"reads"`    // list reads
	ReadsFailed int          `json:"reads_failed"`
	Latency     Histogram    `json:"latency"` // of the attempts
	Offered     Offered      `json:"offered"`
	Arrived     Arrived      `json:"arrived"`
}

// Attempts returns the number of attempts.
func (b *Bin) Attempts() int {
	n := 0
	for _, c := range b.Outcomes {
		n += c
	}
	return n
}

// Conflicts returns the number of conflicts and of attempts that were decided,
// which are updated and conflicts.
func (b *Bin) Conflicts() (conflicts, decided int) {
	return b.Outcomes[history.Conflict], b.Outcomes[history.Conflict] + b.Outcomes[history.Applied]
}

// Errors returns the number of attempts that are neither applied nor conflict.
func (b *Bin) Errors() int {
	_, decided := b.Conflicts()
	return b.Attempts() - decided
}

func (b *Bin) merge(other *Bin) {
	for o, n := range other.Outcomes {
		b.Outcomes[o] += n
	}
	b.Reads += other.Reads
	b.ReadsFailed += other.ReadsFailed
	b.Latency.merge(&other.Latency)
	b.Offered.merge(&other.Offered)
	b.Arrived.Updates += other.Arrived.Updates
	b.Arrived.Conflicts += other.Arrived.Conflicts
}

// Coarsen returns the timeline in at most so many bins, of equal length. The
// receiver is not changed.
func (t Timeline) Coarsen(bins int) Timeline {
	per := (len(t.Bins) + bins - 1) / max(bins, 1)
	if per <= 1 {
		return t
	}
	merged := make([]Bin, (len(t.Bins)+per-1)/per)
	for i := range t.Bins {
		merged[i/per].merge(&t.Bins[i])
	}
	t.Bins, t.StepS = merged, t.StepS*float64(per)
	return t
}

// Series bins a history while it is read. It takes operations in any order,
// best in the order of the file. Start from NewSeries.
type Series struct {
	step     int64 // ns
	bins     [Bins]Bin
	used     int   // bins up to the last operation
	measured int64 // ns; the earliest start after the warm-up
	last     int64 // ns; the latest start
	warm     bool  // there was a warm-up
	records  byRecord
	turns    history.OperatorTable[drawn]
	think    time.Duration
	tries    []Try
	took     Latencies

	from int64 // where the bin begins that was asked for last
	now  int   // which one this is; -1: none was asked for
}

// drawn is the state of an operator's turn between its operations.
type drawn struct {
	clicks   clicks
	attempts int
	read     int64 // when the read before its first attempt was answered, ns
	hasRead  bool  // it was, and not long ago
}

// NewSeries returns an empty series. The think time is that of a closed model in which
// every turn thinks as long; 0: there is none.
func NewSeries(think time.Duration) *Series {
	return &Series{step: firstStep, measured: math.MaxInt64, think: think, now: -1}
}

// firstStep is the length of the bins to begin with: 3 s in all. Whenever an
// operation lies beyond the last bin, all bins double their length.
const firstStep = 10_000_000

// Add takes the next operation. Audits, and what a list did not show, are no
// part of the pictures.
func (s *Series) Add(op *history.Op) {
	if op.Kind == history.Audit || op.ListFault() {
		return
	}
	o := s.turns.At(op.Operator)
	began := beginsTurn(op, o.attempts) || op.Kind == history.Update && o.attempts == 0 && !o.hasRead
	if began {
		o.clicks.flush(s.commit)
		o.attempts = 0
	}
	s.noteOffered(o, op, began)
	if op.Kind == history.Read {
		s.read(op)
		return
	}
	if op.Flags&history.Double == 0 {
		o.attempts++
	}
	o.clicks.passOn(op, s.commit)
}

func (s *Series) read(op *history.Op) {
	b := s.bin(op)
	b.Reads++
	if op.Outcome != history.Seen {
		b.ReadsFailed++
	}
	s.took.add(op)
}

// commit counts an update whose role is settled.
func (s *Series) commit(op *history.Op) {
	if op.Flags&history.Double != 0 {
		return
	}
	b := s.bin(op)
	b.Outcomes[op.Outcome]++
	b.Latency.add(latencySince(op.Start, op))
	s.took.add(op)
	s.records.add(op, s.now)
	if op.Flags&history.Warmup == 0 {
		s.countTry(op)
	}
}

// bin returns the bin in which an operation of the load was sent.
func (s *Series) bin(op *history.Op) *Bin {
	if op.Flags&history.Warmup != 0 {
		s.warm = true
	} else {
		s.measured = min(s.measured, op.Start)
	}
	at := max(op.Start, 0)
	s.last = max(s.last, at)
	if s.now < 0 || at < s.from || at-s.from >= s.step {
		s.find(at)
	}
	return &s.bins[s.now]
}

// find notes the bin of a time.
func (s *Series) find(at int64) {
	for at/s.step >= Bins {
		s.mergePairs()
	}
	i := int(at / s.step)
	s.used = max(s.used, i+1)
	s.from, s.now = int64(i)*s.step, i
}

// mergePairs merges the bins in pairs.
func (s *Series) mergePairs() {
	for i := range s.bins {
		if i > 0 {
			s.bins[i/2].merge(&s.bins[i])
			s.bins[i] = Bin{}
		}
	}
	s.records.heats.mergePairs()
	s.step *= 2
	s.now = -1
	s.used = (s.used + 1) / 2
}

// Timeline returns what was added so far and ends the series.
func (s *Series) Timeline() Timeline {
	for _, o := range s.turns.All() {
		o.clicks.flush(s.commit)
	}
	t := Timeline{
		StepS: toSeconds(s.step), EndS: toSeconds(s.last), Bins: s.bins[:s.used], Records: s.records.numbers(),
		Heat: s.records.heats.numbers(toSeconds(s.step), s.used), Tries: s.tries, Latencies: s.took,
	}
	if s.warm && s.measured != math.MaxInt64 {
		t.MeasuredS = toSeconds(s.measured)
	}
	return t
}
