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

// Audit reads the whole list and records what it shows of every record that
// carries the tag, or is known to be the run's: one line each, or one for each of
// several things, all with the same start and end. It returns
// their ids in the order of a run's roster: those that can still be updated first,
// and by id, so that a seed picks the same records wherever a list shows them.
//
// When the list cannot be read that is one line without a record, and an error.
//
// Where no list shows tokens, the known records, and those that a list names, are read
// one by one, and those are returned that were there.
func Audit(ctx context.Context, from Shop, tag string, known []string, record func(*history.Op)) ([]string, error) {
	if ReadsSingly(from.API()) {
		return auditRecords(ctx, from, tag, known, record)
	}
	board := client.List{Tags: true}
	a := from.List(ctx, &board)
	if !a.OK() {
		op := newLine(&a, history.Audit)
		record(&op)
		return nil, fmt.Errorf("auditing the %s: %w", from.API().Words.List, a.Failure())
	}
	roster := NewRoster(append(listOurs(from.API(), &board, tag), known...))
	v := newView(roster, 1, from.API())
	v.fill(&board)
	for i := range v.shown {
		v.recordSights(newLine(&a, history.Audit), i, record)
	}
	return v.order(), nil
}

// order returns the ids of the roster in the order that Audit promises.
func (v *view) order() []string {
	ids := v.roster.IDs()
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(v.rank(a), v.rank(b)), CompareIDs(a, b))
	})
	return ids
}

// CompareIDs orders the ids of records, 2 before 10.
func CompareIDs(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) }

// rank is 0 for a record that some walk can update, else 1.
func (v *view) rank(id string) int {
	if i, _ := v.roster.Index(id); v.canUpdate(i, workload.Forward) {
		return 0
	}
	return 1
}
