package occ

import (
	"errors"
	"fmt"
	"regexp"
	"sync/atomic"

	"go.k6.io/k6/v2/lib"

	"github.com/occbench/occbench/internal/generator"
	"github.com/occbench/occbench/internal/run"
)

// part is which part of a run this process plays, and the directory that it leaves
// where OCC_DIR asks for one. The zero part is the whole run and leaves none.
type part struct {
	index, count int     // of the execution segment in its sequence; 0 of 1: the whole load
	share        float64 // of the load, 0 to 1
	folder       string  // OCC_DIR; empty: no directory is left
	dir          string  // OCC_DIR/<name>, once it has begun
	manifest     generator.Manifest
	ended        atomic.Bool // said how it ended
	seed         uint64      // of a run of several generators that names none; 0: the process has its own
}

// names are the names that a generator may have: its directory is called so, and the
// last column of the merged history.
var names = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$`)

// The tags by which k6-operator names a runner and its run.
const (
	instanceTag = "instance_id"
	runTag      = "testrun_name"
)

// place finds the segment of this process among those of the run.
func (g *part) place(options *lib.Options, p *run.Spec) error {
	tuple, err := newTuple(options)
	if err != nil {
		return err
	}
	g.index, g.count = tuple.SegmentIndex, len(tuple.Sequence.ExecutionSegmentSequence)
	g.share = 1
	if tuple.Segment != nil {
		g.share = tuple.Segment.FloatLength()
	}
	if g.count > 1 && options.ExecutionSegmentSequence == nil {
		return errors.New("the load is divided (--execution-segment) and k6 does not know the other parts: " +
			"give --execution-segment-sequence, the same to every generator")
	}
	if p.Generators > 1 && p.Generators != g.count {
		return fmt.Errorf("declared are %d generators, and k6's --execution-segment-sequence has %d", p.Generators, g.count)
	}
	if lib.GetMaxPossibleVUs(options.Scenarios.GetFullExecutionRequirements(tuple)) == 0 {
		return fmt.Errorf("no operator is left for segment %s: a run has at most as many generators as operators", tuple.Segment)
	}
	g.manifest.Segment, g.manifest.Sequence = tuple.Segment.String(), tuple.Sequence.String()
	return nil
}

// newTuple returns the execution segment of k6's options within its sequence.
func newTuple(options *lib.Options) (*lib.ExecutionTuple, error) {
	tuple, err := lib.NewExecutionTuple(options.ExecutionSegment, options.ExecutionSegmentSequence)
	if err != nil {
		return nil, fmt.Errorf("reading k6's execution segment: %w", err)
	}
	return tuple, nil
}

// adapt makes a spec that of this part of the run.
func (g *part) adapt(p *run.Spec) {
	if g.count > 1 {
		p.Generators = g.count
	}
	if g.seed != 0 && p.RandSeed == processSeed {
		p.RandSeed = g.seed
	}
}

// firstRacer returns the operator number of this generator's first racer.
func (g *part) firstRacer(p *run.Spec) int32 {
	first := firstRacer
	if p.FirstRacer > 0 {
		first = p.FirstRacer
	}
	return int32(first + g.index*p.Races.Crew)
}

// firstRacer is the preset of OCC_RACE_FIRST: beyond the VUs of any k6, before the
// people in browsers.
const firstRacer = 50_001

// clockOperator returns the number of the operator who plays on the clock records: it comes after the
// racers of all generators.
func (g *part) clockOperator(p *run.Spec) int32 {
	return g.firstRacer(p) + int32((g.count-g.index)*p.Races.Crew+g.index)
}
