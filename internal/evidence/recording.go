package evidence

import (
	"maps"
	"time"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/telemetry"
	"github.com/occbench/occbench/internal/validity"
)

// Format is the version of evidence.json. It rises when a number is computed in
// another way, so that no number of an earlier version is taken for one of this.
const Format = 1

// Recording is what the history of a run says; as JSON it is evidence.json.
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

	Samples  *measure.Samples `json:"samples,omitempty"` // nil: they were not asked for, or too many to be kept
	Findings *check.Report    `json:"-"`                 // nil: the invariants were not asked
	kept     bool             // the numbers are those of evidence.json
}

// Basis is what the numbers of a recording rest on.
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

// Record returns what the history of a run says: what was kept of it, where that
// is of the same files and answers what is asked, and otherwise what one pass
// over the history finds. It is nil where there is no history.
func Record(dir run.Dir, o Options) (*Recording, error) {
	if !dir.Has(run.HistoryFile) {
		return nil, nil
	}
	if o.Check == nil {
		kept, err := readKept(dir, o)
		if kept != nil || err != nil {
			return kept, err
		}
	}
	return readHistory(dir, o, mostHeld)
}

// recordedFiles are the files that a recording is made from beside the history.
var recordedFiles = []string{run.ManifestFile, run.StallsFile}

// readKept returns the recording of evidence.json; nil where it does not answer
// what is asked. What is wrong with the file is no matter: it can be made again.
func readKept(dir run.Dir, o Options) (*Recording, error) {
	var kept Recording
	changed, err := dir.ReadSealed(run.EvidenceFile, &kept)
	if err != nil || changed || kept.Format != Format {
		return nil, nil
	}
	sums, err := sumFiles(dir, append([]string{run.HistoryFile}, recordedFiles...)...)
	if err != nil {
		return nil, err
	}
	m, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	want := basisOf(o.Policy, m, sums)
	if !maps.Equal(kept.Basis.Sums, want.Sums) {
		return nil, nil
	}
	kept.Basis.Sums, want.Sums = want.Sums, nil
	if had := kept.Basis; !o.Any && (had.Confidence != want.Confidence || had.LimitNS != want.LimitNS || had.Anytime != want.Anytime) {
		return nil, nil
	}
	if o.Samples && kept.Samples == nil {
		return nil, nil
	}
	kept.kept = true
	return &kept, nil
}

// basisOf returns what numbers for a policy rest on.
func basisOf(policy gate.Policy, m *run.Manifest, sums map[string]string) Basis {
	o := MeasureOptions(policy, m, nil)
	return Basis{Sums: sums, Confidence: o.Confidence, LimitNS: o.Limit, Anytime: o.Anytime}
}

// sumFiles returns the hashes of those files of a run that are there.
func sumFiles(dir run.Dir, names ...string) (map[string]string, error) {
	sums := map[string]string{}
	for _, name := range names {
		sum, err := dir.SumFile(name)
		if err != nil {
			return nil, err
		}
		if sum != "" {
			sums[name] = sum
		}
	}
	return sums, nil
}
