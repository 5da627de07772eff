package fault

import (
	"net/http"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/items"
	"github.com/occbench/occbench/reference-server/store"
)

// inShop says that the shop cannot have a fault of ETags.
var inShop = map[string]string{appointment.Name: "has versions and no ETags"}

var tokenReuse = Fault{
	Name:      "token-reuse",
	Sentence:  "the ETag is the second of the last update, so that two contents of one second have the same",
	Invariant: "OCC-13",
	Rate:      1,
	lacks:     inShop,
	tags:      func(in *scene, _ items.Tags) items.Tags { return derived{in, makeSecondTag} },
}

// derived are tags that are made from what an item is now, and compared with that:
// an older one stands for no version.
type derived struct {
	in  *scene
	tag func(in *scene, r *http.Request, is store.Item) string
}

func (d derived) Tag(r *http.Request, is store.Item) string { return d.tag(d.in, r, is) }

func (d derived) Version(r *http.Request, tag string, is store.Item) int64 {
	if tag == d.tag(d.in, r, is) {
		d.in.strikes.Add(1)
		return is.Version
	}
	return items.Unknown
}

func makeSecondTag(_ *scene, _ *http.Request, is store.Item) string {
	return items.QuoteTag(is.ID, is.UpdatedAt.Unix())
}
