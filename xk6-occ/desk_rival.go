package occ

import (
	"fmt"
	"slices"
	"time"

	"github.com/grafana/sobek"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// list is `list()`: the records in play as the server has them. It is a
// look to compare the screen with and no operation of the run.
func (d *desk) list(sobek.FunctionCall) (sobek.Value, error) {
	if _, err := d.takePlace(); err != nil {
		return nil, err
	}
	answer := d.client.List(detachContext(d.vu.Context()), &d.listed)
	for try := 1; try < auditTries && !answer.OK(); try++ {
		time.Sleep(lookPause)
		answer = d.client.List(detachContext(d.vu.Context()), &d.listed)
	}
	if err := answer.Failure(); err != nil {
		return nil, fmt.Errorf("reading the %s: %w", d.client.API().Words.Listing(), err)
	}
	rt := d.vu.Runtime()
	var shown []any
	for _, c := range d.listed.Records {
		if _, ours := d.roster.Index(c.ID); ours {
			shown = append(shown, newObject(rt, map[string]any{"id": c.ID, "state": string(c.State), "token": c.Token}))
		}
	}
	return rt.NewArray(shown...), nil
}

// lookPause is the wait before a look at the list is repeated: one request
// in a hundred may fail for good reasons.
const lookPause = 20 * time.Millisecond

// next is `next(state)`: where the walk takes a record; empty: nowhere.
func (d *desk) next(call sobek.FunctionCall) (sobek.Value, error) {
	speaks, err := d.run.api(&d.p)
	if err != nil {
		return nil, err
	}
	to, _ := speaks.States.Next(d.p.Walk.String(), call.Argument(0).String())
	return d.vu.Runtime().ToValue(to), nil
}

// overtake is `overtake(id)`: the rival reads the list and updates the record, as
// an operator without thought. Both calls are recorded. It returns the answer
// to the update, or null when the rival found nothing to update.
func (d *desk) overtake(call sobek.FunctionCall) (sobek.Value, error) {
	if _, err := d.takePlace(); err != nil {
		return nil, err
	}
	id := call.Argument(0).String()
	if _, ours := d.roster.Index(id); !ours {
		return nil, fmt.Errorf("overtaking %q: it is not in play", id)
	}
	record, seen := d.readRecord(id)
	if !seen {
		return sobek.Null(), nil
	}
	to, ok := d.chooseState(record.State)
	if !ok {
		return sobek.Null(), nil
	}
	answer := d.client.Update(detachContext(d.vu.Context()), &client.Attempt{ID: id, To: to, Token: record.Token})
	op := d.newOperation(d.rivalNumber(), history.Update, &answer)
	op.Record, op.Target, op.Expected = id, string(to), record.Token
	op.Token, op.State = answer.Token, string(answer.State)
	d.run.recording.record(&op)
	return answerValue(d.vu.Runtime(), answer), d.checkWhole()
}

// readRecord reads the list as the rival, records that read and returns the record of an id; false
// where it cannot be updated.
func (d *desk) readRecord(id string) (client.Record, bool) {
	answer := d.client.List(detachContext(d.vu.Context()), &d.listed)
	at := slices.IndexFunc(d.listed.Records, func(c *client.Record) bool { return c.ID == id })
	op := d.newOperation(d.rivalNumber(), history.Read, &answer)
	op.Record = id
	var record client.Record
	switch {
	case !answer.OK():
	case at < 0:
		op.Outcome = history.Absent
	case d.listed.Records[at].Token < 1 || !d.client.API().States.IsValid(d.listed.Records[at].State):
		op.Outcome = history.Malformed
	default:
		record = *d.listed.Records[at]
		op.Token, op.State = record.Token, string(record.State)
	}
	d.run.recording.record(&op)
	return record, record.Token > 0
}

// chooseState returns the state to which the rival updates a record: one of several that the walk
// allows, so that a page that shows its own wish instead of the server's answer is found out.
func (d *desk) chooseState(from string) (string, bool) {
	return d.client.API().States.Choose(d.p.Walk.String(), from, d.draws)
}

// newOperation returns the operation of a call of the person or of the rival.
func (d *desk) newOperation(who int32, kind history.Kind, a *client.Answer) history.Op {
	op := history.New()
	op.Start, op.End, op.Operator, op.Kind, op.Outcome = a.Start, a.End, who, kind, a.Outcome
	op.HTTP, op.Attempt = int16(a.HTTP), 1
	if op.Start < d.warm {
		op.Flags |= history.Warmup
	}
	return op
}

// checkWhole ends the test when the history no longer is: what is not recorded
// proves nothing.
func (d *desk) checkWhole() error {
	if err := d.run.recording.err(); err != nil {
		return d.abort(err)
	}
	return nil
}
