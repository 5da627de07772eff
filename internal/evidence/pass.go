package evidence

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stall"
	"github.com/occbench/occbench/internal/validity"
	"github.com/occbench/occbench/internal/workload"
)

// pass is one way through a history with all its judges.
type pass struct {
	dir        run.Dir
	manifest   *run.Manifest
	generators Generators
	api        *api.API
	options    Options
	stalls     *stall.List
	found      Recording

	checker *check.Checker // nil: the invariants are not asked
	warmup  *validity.Warmup
	held    []history.Op // for the judges that must know where the warm-up ends
	most    int          // of them
	many    bool         // there were more

	measured measure.Options
	measure  *measure.Measure
	looks    []*measure.Measure
	series   *measure.Series
	ground   *validity.Measure // nil: there is no manifest
}

// mostHeld is how many operations are held until it is known where an automatic
// warm-up ends: some 130 MiB. A longer history is read a second time.
const mostHeld = 1 << 20

// mostSampled is the size in bytes of a history up to which values are held also
// where they were not asked for: a comparison is going to need them.
const mostSampled = 1 << 26

// readHistory makes the pass, and holds at most so many operations. A history
// that is cut off within a line is an error; where the invariants were asked, the
// recording is returned beside it, with the anomalies alone.
func readHistory(dir run.Dir, o Options, most int) (*Recording, error) {
	m, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	generators, err := ReadGenerators(dir)
	if err != nil {
		return nil, err
	}
	stalls, err := dir.Stalls()
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(dir.File(run.HistoryFile)); err == nil && info.Size() <= mostSampled {
		o.Samples = true
	}
	speaks, err := loadAPI(m)
	if err != nil {
		return nil, err
	}
	if dir.IsAlone() && o.Check != nil && o.Check.API != nil {
		speaks = o.Check.API
	}
	p := &pass{dir: dir, manifest: m, generators: generators, api: speaks, options: o, stalls: stalls, most: most,
		measured: MeasureOptions(o.Policy, m, stalls)}
	takers := []taker{p.count}
	if o.Check != nil {
		options := generators.Check(*o.Check)
		options.API = speaks
		p.checker = check.NewPass(options)
		takers = append(takers, p.checker.Add)
	}
	auto := m != nil && m.Spec.WarmupAuto
	if auto {
		p.warmup = &validity.Warmup{}
		takers = append(takers, p.findWarmup)
	} else {
		takers = append(takers, p.judges()...)
	}
	cut, sum, line, err := p.read(takers)
	if err != nil {
		return nil, err
	}
	if auto && !cut {
		if err := p.judgeHeld(); err != nil {
			return nil, err
		}
	}
	return p.conclude(cut, sum, line)
}

// conclude ends the judges, side by side.
func (p *pass) conclude(cut bool, sum string, line int) (*Recording, error) {
	found := &p.found
	var judges sync.WaitGroup
	var unread, unpredicted error
	if p.checker != nil {
		judges.Go(func() {
			report, err := p.checker.Conclude(cut, p.readAgain)
			report.History = sum
			found.Checked, unread = &report, err
		})
	}
	if !cut {
		judges.Go(p.concludeNumbers)
	}
	if !cut && p.ground != nil {
		judges.Go(func() {
			report, err := p.ground.Report()
			found.Validity, unpredicted = &report, err
		})
	}
	judges.Wait()
	if err := cmp.Or(unread, unpredicted); err != nil {
		return nil, err
	}
	if cut {
		err := fmt.Errorf("reading %s:%d: the line is cut off; the run was killed or the disk was full", p.dir.File(run.HistoryFile),
			line+1)
		return found, err
	}
	if p.ground != nil {
		found.Timeline.Records.Predict(p.ground.Predicted())
	}
	sums, err := sumFiles(p.dir, recordedFiles...)
	if err != nil {
		return nil, err
	}
	sums[run.HistoryFile] = sum
	found.Basis = newBasis(p.options.Policy, p.manifest, sums)
	return found, nil
}

func (p *pass) concludeNumbers() {
	found := &p.found
	found.Format, found.Numbers, found.Timeline, found.Samples = Format, p.measure.Numbers(), p.series.Timeline(), p.measure.Samples()
	for _, look := range p.looks {
		found.Looks = append(found.Looks, look.Numbers())
	}
}

// count takes what is not asked of the declared load alone.
func (p *pass) count(op *history.Op, _ int) {
	p.found.Operations++
	p.found.LastNS = max(p.found.LastNS, op.Start, op.End)
	p.found.Counts.Add(op, p.api)
}

// findWarmup adds an operation to the search for the end of the warm-up, and keeps it until that
// is known.
func (p *pass) findWarmup(op *history.Op, _ int) {
	if !p.measured.IsApart(op) {
		p.warmup.Add(op)
	}
	if p.many = p.many || len(p.held) == p.most; p.many {
		p.held = nil
		return
	}
	p.held = append(p.held, *op)
}

// judgeHeld hands what was held to the judges that had to wait for the warm-up's end.
func (p *pass) judgeHeld() error {
	p.found.CutNS = p.warmup.Cut(p.manifest.Spec.Duration)
	takers := p.judges()
	if p.many {
		_, _, _, err := p.read(takers)
		return err
	}
	p.markWarmup(p.held)
	var done sync.WaitGroup
	for _, take := range takers {
		done.Go(func() {
			for i := range p.held {
				take(&p.held[i], 0)
			}
		})
	}
	done.Wait()
	return nil
}

// markWarmup marks the operations of an automatic warm-up.
func (p *pass) markWarmup(ops []history.Op) {
	for i := range ops {
		if op := &ops[i]; op.Start < int64(p.found.CutNS) && op.Kind != history.Audit {
			op.Flags |= history.Warmup
		}
	}
}

// judges returns the judges that must know which operations are warm-up.
func (p *pass) judges() []taker {
	o := p.measured
	o.Samples = p.options.Samples
	o.States = &p.api.States
	p.measure, p.series = measure.New(o), measure.NewSeries(p.fixedThink())
	all := []taker{func(op *history.Op, _ int) { p.measure.Add(op) }}
	if p.manifest == nil {
		return append(all, func(op *history.Op, _ int) { p.series.Add(op) })
	}
	for _, d := range p.manifest.Decisions {
		then := MeasureOptions(p.options.Policy, p.manifest, p.stalls.CutAt(int64(d.AfterS*1e9))) // the look knew of no more
		then.States = &p.api.States
		look := measure.New(then)
		p.looks = append(p.looks, look)
		all = append(all, func(op *history.Op, _ int) {
			if op.Start < d.BeforeNS {
				look.Add(op)
			}
		})
	}
	r := toValidityRun(p.manifest, p.options.Policy, p.found.CutNS)
	r.Stalls, r.States, r.Generators = p.stalls, &p.api.States, p.generators.validity()
	p.ground = validity.New(r)
	return append(all, func(op *history.Op, _ int) {
		if !p.measured.IsApart(op) {
			p.ground.Add(op)
			p.series.Add(op)
			return
		}
		p.series.AddArrival(op)
	})
}

// fixedThink returns the think time of a closed model in which every turn thinks as long;
// 0: there is none.
func (p *pass) fixedThink() time.Duration {
	if p.manifest == nil || p.manifest.Spec.Rate > 0 || p.manifest.Spec.Refresh > 0 {
		return 0
	}
	fixed, _ := p.manifest.Spec.Think.(workload.Fixed)
	return time.Duration(fixed)
}

// read reads the history to its end. It returns whether the file ends within a
// line, its hash, and the number of its last whole line.
func (p *pass) read(takers []taker) (cut bool, sum string, line int, err error) {
	file, err := p.dir.Open(run.HistoryFile)
	if err != nil {
		return false, "", 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	reader := history.NewReader(file, p.dir.File(run.HistoryFile))
	deal := newDeal(takers)
	defer deal.awaitTakers()
	for err == nil {
		h := deal.takeEmpty()
		h.line = max(reader.Line(), 1) + 1 // the header is line 1
		for len(h.ops) < dealt && err == nil {
			h.ops = h.ops[:len(h.ops)+1]
			err = reader.Read(&h.ops[len(h.ops)-1])
		}
		if err != nil {
			h.ops = h.ops[:len(h.ops)-1]
		}
		p.markWarmup(h.ops)
		deal.handOut(h)
	}
	if err == io.EOF {
		return reader.Truncated(), reader.Sum(), reader.Line(), nil
	}
	return false, "", 0, err
}

// readAgain reads the history once more, for the proofs of anomalies.
func (p *pass) readAgain(yield func(*history.Op, int)) (bool, error) {
	cut, _, _, err := p.read([]taker{yield})
	return cut, err
}

// loadAPI returns the API that the target of a run spoke; the default one where
// nothing is known of the run.
func loadAPI(m *run.Manifest) (*api.API, error) {
	if m == nil {
		return new(run.Spec).LoadAPI()
	}
	return m.Spec.LoadAPI()
}

// toValidityRun returns what a manifest says of a run and its history does not.
func toValidityRun(m *run.Manifest, policy gate.Policy, cut time.Duration) validity.Run {
	r := validity.Run{
		Spec: m.Spec, Cut: cut, Complete: m.State == run.Complete && m.Reason == "",
		Planned: m.PlannedIterations, Dropped: m.DroppedIterations,
		CPU: time.Duration(m.K6CPU), Cores: m.Cores, Throttled: time.Duration(m.Throttled), ClockStep: time.Duration(m.ClockStep),
		P95Limit: policy.MeasureOptions().Limit, Confidence: policy.Confidence,
	}
	if m.State == run.Complete {
		r.Ended = m.Reason
	}
	if !m.End.IsZero() {
		r.Wall = m.End.Sub(m.Start) - r.ClockStep
	}
	return r
}
