package pipeline

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stall"
	"github.com/occbench/occbench/internal/telemetry"
)

// Gate judges a run by a policy and writes verdict.json. A file that is missing
// makes the verdict INCONCLUSIVE; one that is damaged is an error, and nothing
// is written.
func Gate(dir run.Dir, policy gate.Policy) (gate.Verdict, error) {
	evidence := gate.Evidence{}
	if err := ofRun("gating", dir); err != nil {
		return gate.Verdict{}, err
	}
	manifest, err := optional(dir.ReadManifest())
	if err != nil {
		return gate.Verdict{}, err
	}
	policy.Anytime = manifest != nil && manifest.UntilDecided
	cut, err := warmupCut(dir, manifest)
	if err != nil {
		return gate.Verdict{}, err
	}
	stalls, err := dir.Stalls()
	if err != nil {
		return gate.Verdict{}, err
	}
	var recorded int64
	var sum string
	if evidence.Numbers, _, recorded, sum, err = numbers(dir, measureOptions(policy, manifest, stalls), cut); err != nil {
		return gate.Verdict{}, err
	}
	if evidence.Validity, err = validities(dir, manifest, policy, cut, stalls); err != nil {
		return gate.Verdict{}, err
	}
	findings, err := optional(findings(dir))
	if err != nil {
		return gate.Verdict{}, err
	}
	strange, err := foreign(dir, manifest, sum)
	if err != nil {
		return gate.Verdict{}, err
	}
	evidence.Anomalies = anomalies(findings, recorded, strange[run.FindingsFile])
	asked, err := optional(probed(dir))
	if err != nil {
		return gate.Verdict{}, err
	}
	if strange[run.ProbeFile] == "" {
		evidence.Probed = proven(asked)
	}
	evidence.Run = facts(dir, manifest)
	var unproven []string
	if evidence.Decided, unproven, err = decisions(dir, manifest, policy, cut, stalls); err != nil {
		return gate.Verdict{}, err
	}
	evidence.Run.Foreign = append(inOrder(strange), unproven...)
	evidence.Cooler = cooler(manifest, evidence.Numbers, evidence.Validity, policy)
	if evidence.CloudWatch, evidence.Counts, err = pulled(dir, manifest); err != nil {
		return gate.Verdict{}, err
	}
	if why := strange[run.CloudWatchFile]; why != "" {
		evidence.CloudWatch = &telemetry.Report{Error: why}
	}
	if evidence.UX, err = screens(dir, manifest); err != nil {
		return gate.Verdict{}, err
	}
	verdict := gate.Judge(policy, evidence)
	if verdict.BuiltOn, err = builtOn(dir, sum); err != nil {
		return verdict, err
	}
	return verdict, dir.WriteSealed(run.VerdictFile, &verdict)
}

// ofRun returns an error for a directory that holds no run.
func ofRun(doing string, dir run.Dir) error {
	if dir.Has(run.ManifestFile) || dir.Has(run.HistoryFile) {
		return nil
	}
	return fmt.Errorf("%s %s: there is neither %s nor %s, so it is not the directory of a run",
		doing, dir.Path(), run.ManifestFile, run.HistoryFile)
}

// optional turns a file that is not there into nil.
func optional[T any](v T, err error) (*T, error) {
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &v, nil
}

func findings(dir run.Dir) (check.Report, error) {
	var r check.Report
	err := dir.ReadJSON(run.FindingsFile, &r)
	return r, err
}

// probed reads what the probe of a run found.
func probed(dir run.Dir) (probe.Result, error) {
	var r probe.Result
	err := dir.ReadJSON(run.ProbeFile, &r)
	return r, err
}

// proven is what the gate needs of a probe; a run without one has nothing.
func proven(r *probe.Result) []gate.Proven {
	if r == nil {
		return nil
	}
	var all []gate.Proven
	for i := range r.Defects {
		all = append(all, gate.Proven{ID: r.Defects[i].ID.String(), Sentence: r.Defects[i].Sentence})
	}
	return all
}

// Numbers measures the history of a run, as a whole and over time; nil when
// there is none. What began before the cut is warm-up, beside what is marked as
// such.
func Numbers(dir run.Dir, o measure.Options, cut time.Duration) (*measure.Numbers, *measure.Timeline, error) {
	n, t, _, _, err := numbers(dir, o, cut)
	return n, t, err
}

// numbers is Numbers with the count of all operations and the hash of the
// history; -1 and "" without one.
func numbers(dir run.Dir, o measure.Options, cut time.Duration) (*measure.Numbers, *measure.Timeline, int64, string, error) {
	m, series, operations := measure.New(o), measure.NewSeries(), int64(0)
	sum, err := scan(dir, cut, func(op *history.Op) {
		operations++
		m.Add(op)
		if !o.OfApart(op) {
			series.Add(op)
		}
	})
	if err != nil || sum == "" {
		return nil, nil, -1, "", err
	}
	n, t := m.Numbers(), series.Timeline()
	return &n, &t, operations, sum, nil
}

// scan hands the operations of a history to use, one by one, and returns the
// hash of its file; "": there is no history.
func scan(dir run.Dir, cut time.Duration, use func(*history.Op)) (sum string, err error) {
	file, err := dir.Open(run.HistoryFile)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	reader := history.NewReader(file, dir.File(run.HistoryFile))
	err = each(reader, func(op *history.Op) {
		if op.Start < int64(cut) && op.Kind != history.Audit {
			op.Flags |= history.Warmup
		}
		use(op)
	})
	return reader.Sum(), err
}

// each reads a history to its end. One that ends within a line is an error: the
// last operations are missing, and nobody knows how many.
func each(reader *history.Reader, use func(*history.Op)) error {
	var op history.Op
	for {
		switch err := reader.Read(&op); {
		case err == io.EOF && reader.Truncated():
			return fmt.Errorf("reading %s:%d: the line is cut off; the run was killed or the disk was full", reader.Name(), reader.Line()+1)
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		use(&op)
	}
}

// measureOptions takes the recovery's bounds from the run, the rest from the
// policy.
func measureOptions(policy gate.Policy, m *run.Manifest, stalls *stall.List) measure.Options {
	o := policy.Measure()
	o.Stalls = stalls
	if m != nil {
		o.Anytime = o.Anytime || m.UntilDecided
		o.ApartFrom = m.Spec.ApartFrom()
		o.Attempts, o.Budget = m.Spec.Attempts, m.Spec.Budget
	}
	return o
}

// facts says what became of the run itself.
func facts(dir run.Dir, m *run.Manifest) gate.Facts {
	f := gate.Facts{Missing: dir.Missing(run.ManifestFile, run.HistoryFile, run.FindingsFile)}
	if m == nil {
		return f
	}
	f.Dropped, f.Rebuilt = m.HistoryDropped, rebuilt(m)
	switch m.State {
	case run.Running:
		f.Failed = append(f.Failed, gate.Failure{Stage: "run", Reason: "its manifest still says running, so occbench was killed in the middle of it"})
	case run.Interrupted:
		f.Interrupted = m.Reason
	case run.Failed:
		f.Failed = append(f.Failed, gate.Failure{Stage: "run", Reason: m.Reason})
	}
	return f
}

// anomalies is what the gate needs of the findings, which must be those of the
// history at hand: an earlier or a hand-written file proves nothing about it,
// neither way.
func anomalies(r *check.Report, recorded int64, foreign string) *gate.Anomalies {
	if r == nil {
		return nil
	}
	a := &gate.Anomalies{Judged: r.Judged, Reason: strings.Join(r.Why, "; "), Operations: int(r.Operations), Count: map[string]int{}, Sentences: map[string]string{},
		Shared: r.Shared, Foreign: int(r.Foreign)}
	if foreign != "" {
		a.Judged, a.Reason = false, foreign
		return a
	}
	if recorded >= 0 && r.Operations != recorded {
		a.Judged, a.Reason = false, fmt.Sprintf("%s is about %s operations and the history has %s, so it is not of this history; check the run again",
			run.FindingsFile, amount.Count(int(r.Operations)), amount.Count(int(recorded)))
		return a
	}
	found := r.Anomalies
	if !r.Judged {
		found = r.Withheld
	}
	for i := range found {
		a.Count[found[i].ID.String()] = int(max(found[i].Count, 1)) // what is listed was found
		a.Sentences[found[i].ID.String()] = found[i].Sentence
	}
	return a
}
