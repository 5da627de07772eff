package pipeline

import (
	"fmt"

	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
)

// Gate judges a run by a policy and writes evidence.json and verdict.json. A file
// that is missing makes the verdict INCONCLUSIVE; one that is damaged is an error,
// and nothing is written.
func Gate(dir run.Dir, policy gate.Policy) (gate.Verdict, error) {
	if err := checkRunDir("gating", dir); err != nil {
		return gate.Verdict{}, err
	}
	e, err := evidence.Open(dir, evidence.Options{Policy: policy})
	if err != nil {
		return gate.Verdict{}, err
	}
	return judgeEvidence(e, policy)
}

// judgeEvidence judges a run and writes down the verdict, also into the evidence.
func judgeEvidence(e *evidence.Evidence, policy gate.Policy) (gate.Verdict, error) {
	verdict := e.Judge(policy)
	e.Verdict = &verdict
	if err := e.Recording.Keep(e.Dir); err != nil {
		return verdict, err
	}
	return verdict, e.Dir.WriteSealed(run.VerdictFile, &verdict)
}

// checkRunDir returns an error for a directory that holds no run.
func checkRunDir(doing string, dir run.Dir) error {
	if dir.Has(run.ManifestFile) || dir.Has(run.HistoryFile) {
		return nil
	}
	return fmt.Errorf("%s %s: there is neither %s nor %s, so it is not the directory of a run",
		doing, dir.Path(), run.ManifestFile, run.HistoryFile)
}
