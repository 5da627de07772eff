package evidence

import (
	"time"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stall"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/internal/validity"
)

// Format is the version of evidence.json. It rises when a number is computed in
// another way, so that no number of an earlier version is taken for one of this.
const Format = 2

// Recording holds the numbers of a run's history; as JSON it is evidence.json.
type Recording struct {
	Format     int               `json:"format"`
	Basis      Basis             `json:"basis"`
	Operations int64             `json:"operations"`
	LastNS     int64             `json:"last_ns"`       // the latest instant of an operation, since the run's base
	CutNS      time.Duration     `json:"warmup_cut_ns"` // where an automatic warm-up was cut; 0: operations are marked
	Numbers    measure.Numbers   `json:"numbers"`
	Timeline   measure.Timeline  `json:"timeline"`
	Validity   *validity.Report  `json:"validity,omitempty"` // absent: there is no manifest
	Counts     telemetry.Counts  `json:"counts"`
	Looks      []measure.Numbers `json:"looks,omitempty"` // what each decision of the manifest rests on

	Samples *measure.Samples `json:"samples,omitempty"` // nil: they were not asked for, or too many to be kept
	Checked *check.Report    `json:"-"`                 // nil: the invariants were not asked
	kept    bool             // the numbers are those of evidence.json
}

// Basis names the files and settings that the numbers of a recording rest on.
type Basis struct {
	Sums       map[string]string `json:"built_on"` // hashes of the run's files, by name
	Confidence float64           `json:"confidence"`
	LimitNS    time.Duration     `json:"limit_ns"` // of the p95
	Anytime    bool              `json:"anytime"`
}

// Options say what is asked of a history.
type Options struct {
	Policy  gate.Policy    // whose limits and confidence the numbers have
	Any     bool           // a recording that was kept may have another policy's
	Samples bool           // values are needed, not numbers alone
	Check   *check.Options // the invariants are asked too; nil: they are not
}

// History returns the hash of the history's file.
func (r *Recording) History() string {
	if r == nil {
		return ""
	}
	return r.Basis.Sums[run.HistoryFile]
}

// End returns when a run was over, also one that was killed.
func (r *Recording) End(m *run.Manifest) time.Time {
	if m.End.IsZero() {
		return m.Base.Add(time.Duration(r.LastNS))
	}
	return m.End
}

// mostSamples bounds the values that evidence.json keeps, in some four bytes each.
const mostSamples = 1 << 20

// Keep writes a recording into evidence.json.
func (r *Recording) Keep(dir run.Dir) error {
	if r == nil || r.kept {
		return nil
	}
	kept := *r
	if kept.Samples != nil && kept.Samples.Len() > mostSamples {
		kept.Samples = nil
	}
	return dir.WriteSealed(run.EvidenceFile, &kept)
}

// recordedFiles are the files that a recording is made from beside the history.
var recordedFiles = []string{run.ManifestFile, run.StallsFile, run.GeneratorsFile, run.ClocksFile}

// newBasis returns what numbers for a policy rest on.
func newBasis(policy gate.Policy, m *run.Manifest, sums map[string]string) Basis {
	o := MeasureOptions(policy, m, nil)
	return Basis{Sums: sums, Confidence: o.Confidence, LimitNS: o.Limit, Anytime: o.Anytime}
}

// MeasureOptions takes the recovery's bounds from the run, the rest from the
// policy.
func MeasureOptions(policy gate.Policy, m *run.Manifest, stalls *stall.List) measure.Options {
	o := policy.MeasureOptions()
	o.Stalls = stalls
	if m != nil {
		o.Anytime = o.Anytime || m.Spec.UntilDecided
		o.ApartFrom = m.Spec.ApartFrom()
		o.Attempts, o.Budget = m.Spec.Attempts, m.Spec.Budget
	}
	return o
}
