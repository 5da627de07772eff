package occ

import (
	"errors"
	"fmt"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/operator"
)

// list is `list()`: the records in play as they stand. It is a look and no
// part of a turn, so it is not recorded.
func (o *player) list(sobek.FunctionCall) (sobek.Value, error) {
	if _, err := o.ensureReady(); err != nil {
		return nil, err
	}
	records, err := o.readRecords()
	if err != nil {
		return nil, err
	}
	rt := o.vu.Runtime()
	var shown []any
	for _, c := range records {
		if _, ours := o.roster.Index(c.ID); ours {
			shown = append(shown, newObject(rt, map[string]any{"id": c.ID, "state": c.State, "token": exportToken(c.Token, c.TokenText)}))
		}
	}
	return rt.NewArray(shown...), nil
}

// readRecords returns the records as they stand; where no list shows tokens, those that can
// be read.
func (o *player) readRecords() ([]client.Record, error) {
	ctx := detachContext(o.vu.Context())
	if operator.ReadsSingly(o.shop.API()) {
		return operator.Survey(ctx, o.shop, o.p.Tag, o.roster.IDs()), nil
	}
	answer := o.shop.List(ctx, &o.listed)
	if err := answer.Failure(); err != nil {
		return nil, fmt.Errorf("reading the %s: %w", o.words().Listing(), err)
	}
	var records []client.Record
	for _, r := range o.listed.Records {
		records = append(records, *r)
	}
	return records, nil
}

// exportToken returns a token for a script: a number where tokens count, else text;
// null: there is none.
func exportToken(number int64, text string) any {
	switch {
	case text != "":
		return text
	case number == history.None:
		return sobek.Null()
	}
	return number
}

// pick is `pick()`: the first half of a turn. It returns null when there is no
// record to update.
func (o *player) pick(sobek.FunctionCall) (sobek.Value, error) {
	state, err := o.ensureReady()
	if err != nil {
		return nil, err
	}
	ctx, cancel := o.untilEnd()
	defer cancel()
	record, answer, err := o.op.Pick(ctx)
	if failed := o.finishIteration(state); failed != nil {
		return nil, failed
	}
	switch {
	case errors.Is(err, operator.ErrExhausted):
		o.tellUsedUp(ctx, state)
		return sobek.Null(), nil
	case err != nil && answer.OK(), err != nil && ctx.Err() != nil:
		return sobek.Null(), nil // nothing to update for now, or no time left
	case err != nil:
		return nil, fmt.Errorf("reading the %s: %w", o.words().Listing(), err)
	}
	o.picked = record
	return newObject(o.vu.Runtime(), map[string]any{
		"id": record.ID, "state": record.State, "token": exportToken(record.Token, record.TokenText), "target": record.To,
	}), nil
}

var errNotPicked = errors.New("updating a record: it is not the one that pick returned last")

// update is `update(record, target)`: the second half of a turn, one attempt. What
// the server answers is never thrown: a conflict is what the test is about.
func (o *player) update(call sobek.FunctionCall) (sobek.Value, error) {
	state, err := o.ensureReady()
	if err != nil {
		return nil, err
	}
	record, err := o.parsePicked(call)
	if err != nil {
		return nil, err
	}
	// The end of the scenario does not keep a turn from its second half; only
	// k6's own end does.
	answer, err := o.op.Update(detachContext(o.vu.Context()), record)
	if err != nil {
		return nil, err
	}
	if err := o.finishIteration(state); err != nil {
		return nil, err
	}
	return answerValue(o.vu.Runtime(), answer), nil
}

// parsePicked returns the picked record with the token and the target that the script
// wishes: an impatient second click names the token of the first.
func (o *player) parsePicked(call sobek.FunctionCall) (operator.Picked, error) {
	record := o.picked
	if common.IsNullish(call.Argument(0)) {
		return record, errNotPicked
	}
	given := call.Argument(0).ToObject(o.vu.Runtime())
	if id := given.Get("id"); common.IsNullish(id) || id.String() != record.ID {
		return record, errNotPicked
	}
	if token := given.Get("token"); !common.IsNullish(token) && record.TokenText != "" {
		record.TokenText = token.String()
	} else if !common.IsNullish(token) {
		record.Token = token.ToInteger()
	}
	if target := call.Argument(1); !common.IsNullish(target) {
		record.To = target.String()
	}
	return record, nil
}

func answerValue(rt *sobek.Runtime, a client.Answer) sobek.Value {
	fields := map[string]any{
		"outcome": a.Outcome.String(), "http": a.HTTP, "code": a.Code, "state": string(a.State),
		"token": exportToken(a.Token, a.TokenText), "ms": sobek.Null(), "error": "",
	}
	if a.End != history.None {
		fields["ms"] = float64(a.End-a.Start) / float64(time.Millisecond)
	}
	if a.Err != nil {
		fields["error"] = a.Err.Error()
	}
	return newObject(rt, fields)
}
