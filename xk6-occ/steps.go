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

// readBoard is `board()`: the cards in play as they stand. It is a look and no
// part of a turn, so it is not recorded.
func (o *player) readBoard(sobek.FunctionCall) (sobek.Value, error) {
	if _, err := o.ready(); err != nil {
		return nil, err
	}
	answer := o.client.List(flight(o.vu.Context()), &o.board)
	if err := answer.Failure(); err != nil {
		return nil, fmt.Errorf("reading the board: %w", err)
	}
	rt := o.vu.Runtime()
	var cards []any
	for _, c := range o.board.Records {
		if _, ours := o.roster.Index(c.ID); ours {
			cards = append(cards, object(rt, map[string]any{"id": c.ID, "status": string(c.State), "version": c.Token}))
		}
	}
	return rt.NewArray(cards...), nil
}

// pick is `pick()`: the first half of a turn. It returns null when there is no
// card to move.
func (o *player) pick(sobek.FunctionCall) (sobek.Value, error) {
	state, err := o.ready()
	if err != nil {
		return nil, err
	}
	ctx, cancel := o.untilEnd()
	defer cancel()
	card, answer, err := o.op.Pick(ctx)
	if failed := o.finished(state); failed != nil {
		return nil, failed
	}
	switch {
	case errors.Is(err, operator.ErrExhausted):
		o.usedUp(ctx)
		return sobek.Null(), nil
	case err != nil && answer.OK(), err != nil && ctx.Err() != nil:
		return sobek.Null(), nil // nothing to move for now, or no time left
	case err != nil:
		return nil, fmt.Errorf("reading the board: %w", err)
	}
	o.picked = card
	return object(o.vu.Runtime(), map[string]any{
		"id": card.ID, "status": string(card.Status), "version": card.Version, "target": string(card.Target),
	}), nil
}

var errNotPicked = errors.New("moving a card: it is not the one that pick returned last")

// move is `move(card, target)`: the second half of a turn, one attempt. What
// the server answers is never thrown: a conflict is what the test is about.
func (o *player) move(call sobek.FunctionCall) (sobek.Value, error) {
	state, err := o.ready()
	if err != nil {
		return nil, err
	}
	card, err := o.toMove(call)
	if err != nil {
		return nil, err
	}
	// The end of the scenario does not keep a turn from its second half; only
	// k6's own end does.
	answer, err := o.op.Move(flight(o.vu.Context()), card)
	if err != nil {
		return nil, err
	}
	if err := o.finished(state); err != nil {
		return nil, err
	}
	return answerValue(o.vu.Runtime(), answer), nil
}

// toMove is the picked card with the version and the target that the script
// wishes: an impatient second click names the version of the first.
func (o *player) toMove(call sobek.FunctionCall) (operator.Card, error) {
	card := o.picked
	if common.IsNullish(call.Argument(0)) {
		return card, errNotPicked
	}
	given := call.Argument(0).ToObject(o.vu.Runtime())
	if id := given.Get("id"); common.IsNullish(id) || id.String() != card.ID {
		return card, errNotPicked
	}
	if version := given.Get("version"); !common.IsNullish(version) {
		card.Version = version.ToInteger()
	}
	if target := call.Argument(1); !common.IsNullish(target) {
		card.Target = target.String()
	}
	return card, nil
}

func answerValue(rt *sobek.Runtime, a client.Answer) sobek.Value {
	fields := map[string]any{
		"outcome": a.Outcome.String(), "http": a.HTTP, "code": a.Code, "status": string(a.State),
		"version": sobek.Null(), "ms": sobek.Null(), "error": "",
	}
	if a.Token != history.None {
		fields["version"] = a.Token
	}
	if a.End != history.None {
		fields["ms"] = float64(a.End-a.Start) / float64(time.Millisecond)
	}
	if a.Err != nil {
		fields["error"] = a.Err.Error()
	}
	return object(rt, fields)
}
