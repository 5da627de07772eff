package operator

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/workload"
)

// Audit reads the whole board and records what it shows of every card that
// carries the tag, or is known to be the run's: one line each, or one for each of
// several things, all with the same start and end. It returns
// their ids in the order of a run's roster: those that can still be moved first,
// and by id, so that a seed picks the same cards wherever a board shows them.
//
// When the board cannot be read that is one line without a card, and an error.
func Audit(ctx context.Context, from *client.Client, tag string, known []string, record func(*history.Op)) ([]string, error) {
	board := client.List{Tags: true}
	a := from.List(ctx, &board)
	if !a.OK() {
		op := line(&a, history.Audit)
		record(&op)
		return nil, fmt.Errorf("auditing the board: %w", a.Failure())
	}
	roster := NewRoster(append(tagged(&board, tag), known...))
	v := newView(roster, 1, &from.API().States)
	v.fill(&board)
	for i := range v.cards {
		v.tell(line(&a, history.Audit), &board, i, record)
	}
	return v.order(), nil
}

// order returns the ids of the roster in the order that Audit promises.
func (v *view) order() []string {
	ids := v.roster.IDs()
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(v.rank(a), v.rank(b)), cmp.Compare(len(a), len(b)), strings.Compare(a, b)) // 2 before 10
	})
	return ids
}

// rank is 0 for a card that some walk can move, else 1.
func (v *view) rank(id string) int {
	if i, _ := v.roster.Index(id); v.movable(i, workload.Forward) {
		return 0
	}
	return 1
}

func tagged(board *client.List, tag string) []string {
	var ids []string
	for _, card := range board.Records {
		if client.Tagged(card.Tag, tag) {
			ids = append(ids, card.ID)
		}
	}
	return ids
}
