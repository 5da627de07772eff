package occ

import (
	"errors"
	"fmt"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// sentMove is a move that the page sent, as the script tells it.
type sentMove struct {
	Record   string
	Target   string
	Expected int64
	From     float64 // ms of the run's clock, not after the sending
	To       float64 // ms of the run's clock, not before the complete answer; 0: there was none
	HTTP     int64   // 0: there was no complete answer
	Body     string
	Double   bool // it was sent before the one before it was answered
}

// sent is `sent(move)`: it records a move that the page sent and returns the
// outcome, as the client of the API would have understood the answer.
func (d *desk) sent(call sobek.FunctionCall) (sobek.Value, error) {
	if _, err := d.takePlace(); err != nil {
		return nil, err
	}
	var m sentMove
	if common.IsNullish(call.Argument(0)) {
		return nil, errors.New("recording a move: sent wants what was sent")
	}
	if err := d.vu.Runtime().ExportTo(call.Argument(0), &m); err != nil {
		return nil, fmt.Errorf("recording a move: %w", err)
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("recording a move of the page: %w", err)
	}
	if _, ours := d.roster.Index(m.Record); !ours {
		return nil, fmt.Errorf("recording a move of the page: %q is not in play, and the page moved it", m.Record)
	}
	answer := m.answer(d.client.API())
	op := d.newOperation(d.hand, history.Update, &answer)
	op.Record, op.Target, op.Expected = m.Record, m.Target, m.Expected
	op.Token, op.State = answer.Token, string(answer.State)
	if m.Double {
		op.Flags |= history.Double
	}
	d.run.recording.record(&op)
	if first, maybe := d.findRepeated(&m, answer, op); maybe {
		d.run.recording.record(&first)
	}
	return answerValue(d.vu.Runtime(), answer), d.checkWhole()
}

// check refuses what could not stand in a history: the page may be of any origin.
func (m *sentMove) check() error {
	switch {
	case !history.Recordable(m.Record):
		return fmt.Errorf("its record %.80q cannot be recorded", m.Record)
	case !history.Recordable(m.Target):
		return fmt.Errorf("its target %.80q cannot be recorded", m.Target)
	case m.Expected < 0:
		return fmt.Errorf("it expects version %d", m.Expected)
	case !(m.From >= 0 && m.From < 1e12) || !(m.To >= 0 && m.To < 1e12):
		return fmt.Errorf("its times %v and %v are none of the run's clock", m.From, m.To)
	case m.HTTP != 0 && (m.HTTP < 100 || m.HTTP > 599):
		return fmt.Errorf("its HTTP status is %d", m.HTTP)
	}
	return nil
}

// answer is the page's answer, with the two instants between which it came.
func (m *sentMove) answer(by *api.API) client.Answer {
	a := client.ClassifyAnswer(by, m.Record, int(m.HTTP), []byte(m.Body))
	a.Start, a.End = toNanoseconds(m.From), history.None
	if m.HTTP != 0 {
		a.End = max(toNanoseconds(m.To), a.Start)
	}
	return a
}

func toNanoseconds(ms float64) int64 { return int64(ms * float64(time.Millisecond)) }

// begins is `begins(record, target, expected)`: from now on the page may send this
// move.
func (d *desk) begins(call sobek.FunctionCall) (sobek.Value, error) {
	if _, err := d.takePlace(); err != nil {
		return nil, err
	}
	m := sentMove{Record: call.Argument(0).String(), Target: call.Argument(1).String(), Expected: call.Argument(2).ToInteger()}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("beginning a move: %w", err)
	}
	if _, ours := d.roster.Index(m.Record); !ours {
		return nil, errors.New("beginning a move: the record is not in play")
	}
	op := d.newOperation(d.hand, history.Update, &client.Answer{Outcome: history.NoAnswer, Start: d.run.clock.now(), End: history.None})
	op.Record, op.Target, op.Expected = m.Record, m.Target, m.Expected
	d.run.intents.begin(op)
	return sobek.Undefined(), nil
}

// ends is `ends()`: everything that the page sent was recorded.
func (d *desk) ends(sobek.FunctionCall) (sobek.Value, error) {
	if _, err := d.takePlace(); err != nil {
		return nil, err
	}
	d.run.intents.end(d.hand)
	return sobek.Undefined(), nil
}

// note is `note(object)`.
func (d *desk) note(call sobek.FunctionCall) (sobek.Value, error) {
	if _, err := d.takePlace(); err != nil {
		return nil, err
	}
	path, ok := d.readEnv()("OCC_UX")
	if !ok {
		return sobek.Undefined(), nil
	}
	object := call.Argument(0).ToObject(d.vu.Runtime())
	line, err := object.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("noting what the browser saw: %w", err)
	}
	if err := d.run.notes.add(path, line); err != nil {
		return nil, d.abort(fmt.Errorf("noting what the browser saw: %w", err))
	}
	return sobek.Undefined(), nil
}
