package merge

import (
	"math/big"
	"path/filepath"

	"github.com/occbench/occbench/internal/generator"
	"github.com/occbench/occbench/internal/run"
)

// Options say what is taken that a strict merge refuses.
type Options struct {
	AllowMissing bool // a generator that is not there or was killed; the run can then not PASS
}

// segment is a part of the load, from 0 to 1.
type segment struct{ from, to *big.Rat }

// part is the recording of one generator.
type part struct {
	dir string
	generator.Manifest
	segment segment
}

func (p *part) file(name string) string { return filepath.Join(p.dir, name) }

// isKilled reports whether a generator ended before it could write how it ended.
func (p *part) isKilled() bool { return p.State == run.Running }

// parts are those of one run, in the order of their segments.
type parts struct {
	parts   []part
	missing []string // segments of which there is no generator
}

// listManifests returns the manifests for reports: each as it was, and one for each generator
// that is not there, of which no more than its segment is known.
func (a *parts) listManifests() []generator.Manifest {
	var list []generator.Manifest
	for i := range a.parts {
		list = append(list, a.parts[i].Manifest)
	}
	first := &a.parts[0]
	for _, segment := range a.missing {
		list = append(list, generator.Manifest{Format: run.Format, Run: first.Run, Name: segment, Segment: segment,
			Sequence: first.Sequence, Spec: first.Spec, State: run.Failed, Lost: true})
	}
	return list
}
