package operator

import (
	"context"
	"slices"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// Survey returns the records of the run as they stand, without recording anything:
// those of a list or, where no list shows tokens, those of the known ones that are
// there. None are returned of a target that cannot be asked.
func Survey(ctx context.Context, from Shop, tag string, known []string) []client.Record {
	list := client.List{Tags: true}
	by := from.API()
	if by.List != nil {
		from.List(ctx, &list)
	}
	if !ReadsSingly(by) {
		var mine []client.Record
		for _, r := range list.Records {
			if isOurs(by, r, tag) || slices.Contains(known, r.ID) {
				mine = append(mine, *r)
			}
		}
		return mine
	}
	ids := append(listOurs(by, &list, tag), known...)
	v := newView(NewRoster(ids), 1, by)
	answers := v.readAll(ctx, from)
	var there []client.Record
	for i := range v.sights {
		if answers[i].Outcome == history.Seen {
			r := client.Record{ID: v.roster.ID(i)}
			v.fillKnown(i, &r)
			there = append(there, r)
		}
	}
	return there
}
