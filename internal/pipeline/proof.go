package pipeline

import (
	"io"
	"slices"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/run"
)

// proof looks for anomalies in a run that is under way.
//
// A history that is being written lacks what is in flight, and a version whose
// move has not been recorded yet looks like nobody's. So it is judged as of a
// moment before which nothing is missing: all that began until then is recorded,
// and what was answered later counts as not answered. That is the history of a
// run whose clients gave up at that moment.
type proof struct {
	*heard
	dir       run.Dir
	shared    bool
	tolerated []string
	judged    int64 // moment of the last look

	found []live.Anomaly // what the last look found that is not tolerated
	first string         // the first of it in a sentence; empty: nothing
}

func newProof(dir run.Dir, m *run.Manifest, tolerated []string) *proof {
	return &proof{heard: newHeard(m), dir: dir, shared: m.Spec.SharedBoard, tolerated: tolerated}
}

// look judges the history as of a moment near now. It returns the first anomaly
// that is not tolerated, in a sentence; empty when there is none.
func (p *proof) look(now int64) (string, error) {
	moment := p.moment(now)
	if moment <= p.judged || !p.dir.Has(run.HistoryFile) {
		return p.first, nil
	}
	p.judged = moment
	open := func() (io.ReadCloser, error) {
		file, err := p.dir.Open(run.HistoryFile)
		if err != nil {
			return nil, err
		}
		return &until{file: file, reader: history.NewReader(file, file.Name()), moment: moment, text: []byte(history.Header + "\n")}, nil
	}
	report, err := check.File(open, p.dir.File(run.HistoryFile), check.Options{Shared: p.shared})
	if err != nil {
		return "", err
	}
	p.keep(append(report.Anomalies, report.Withheld...))
	return p.first, nil
}

// keep notes the findings that are not tolerated.
func (p *proof) keep(found []check.Anomaly) {
	p.found, p.first = nil, ""
	for i := range found {
		f := &found[i]
		id := f.ID.String()
		if slices.Contains(p.tolerated, id) {
			continue
		}
		if p.first == "" {
			p.first = id + ", " + f.Sentence
		}
		p.found = append(p.found, anomaly(f))
	}
}

// until reads a history as it was at a moment.
type until struct {
	file   io.Closer
	reader *history.Reader
	moment int64
	op     history.Op
	text   []byte // read and not yet handed out
}

func (u *until) Read(p []byte) (int, error) {
	for len(u.text) == 0 {
		if err := u.reader.Read(&u.op); err != nil {
			return 0, err
		}
		if u.asOf(&u.op) {
			u.text = history.AppendOp(u.text[:0], &u.op)
		}
	}
	n := copy(p, u.text)
	u.text = u.text[n:]
	return n, nil
}

// asOf makes an operation what it was at the moment, and reports whether there
// was anything of it.
func (u *until) asOf(op *history.Op) bool {
	switch {
	case op.Start >= u.moment:
		return false
	case op.End <= u.moment:
		return true
	case op.Kind != history.Update:
		return false
	}
	op.Outcome, op.End, op.HTTP, op.Token, op.State = history.NoAnswer, history.None, 0, history.None, ""
	return true
}

func (u *until) Close() error { return u.file.Close() }
