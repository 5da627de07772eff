package fault

import (
	"context"
	"net/http"

	"github.com/occbench/occbench/reference-server/items"
	"github.com/occbench/occbench/reference-server/store"
)

var collectionTag = Fault{
	Name:     "collection-tag",
	Sentence: "an update of one item changes the ETags of all",
	Question: "other_record",
	Rate:     1,
	lacks:    inShop,
	move: func(ctx context.Context, in *scene, m store.Move) (store.Moved, error) {
		moved, err := in.store.Move(ctx, m)
		if err == nil {
			in.writes.Add(1)
		}
		return moved, err
	},
	tags: func(in *scene, _ items.Tags) items.Tags {
		return derived{in, makeCollectiveTag}
	},
}

// makeCollectiveTag changes with the item, in the same instant as that, and with the writes
// that were carried out since. By the writes alone an update between another's write and
// its count would find the old tag current, and lose that update.
func makeCollectiveTag(in *scene, _ *http.Request, is store.Item) string {
	return items.QuoteTag(is.ID, is.Version<<32+in.writes.Load())
}
