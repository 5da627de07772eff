package pipeline

import (
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/view"
)

// JudgeFile judges a history by itself, which another program may have recorded, and
// writes nothing. What there is no evidence of is not judged: the server's own
// metrics, races, what a load was declared to be.
func JudgeFile(path string, policy gate.Policy, options check.Options) (view.Run, error) {
	dir := run.FromHistory(path)
	file, err := dir.Open(run.HistoryFile) // which says what is wrong with it
	if err != nil {
		return view.Run{}, err
	}
	if err := file.Close(); err != nil {
		return view.Run{}, err
	}
	recording, err := evidence.LoadRecording(dir, evidence.Options{Policy: policy, Check: &options})
	if err != nil {
		return view.Run{}, err
	}
	e, err := evidence.Gather(dir, recording)
	if err != nil {
		return view.Run{}, err
	}
	verdict := e.Judge(policy)
	e.Verdict = &verdict
	result, err := buildReport(e)
	result.Alone = true
	return result, err
}
