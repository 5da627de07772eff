package operator

import (
	"context"
	"fmt"

	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/shop"
)

// Audit reads the whole board and records what it shows of every card that
// carries the tag: one line each, all with the same start and end. It returns
// their ids in the order of the board, which is the order of a run's roster.
//
// When the board cannot be read that is one line without a card, and an error.
func Audit(ctx context.Context, client *shop.Client, tag string, record func(*history.Op)) ([]string, error) {
	board := shop.Board{Notes: true}
	a := client.Board(ctx, &board)
	if !a.OK() {
		op := line(&a, history.Audit)
		record(&op)
		return nil, fmt.Errorf("auditing the board: %w", a.Failure())
	}
	roster := NewRoster(tagged(&board, tag))
	v := newView(roster, 1)
	v.fill(&board)
	for i, card := range v.cards {
		op := line(&a, history.Audit)
		op.Card = roster.ID(i)
		see(&op, card)
		record(&op)
	}
	return roster.IDs(), nil
}

func tagged(board *shop.Board, tag string) []string {
	var ids []string
	for _, card := range board.Cards {
		if shop.Tagged(card.Notes, tag) {
			ids = append(ids, card.ID)
		}
	}
	return ids
}
