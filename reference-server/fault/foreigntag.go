package fault

import (
	"net/http"

	"github.com/occbench/occbench/reference-server/items"
	"github.com/occbench/occbench/reference-server/store"
)

var foreignTag = Fault{
	Name:     "foreign-tag",
	Sentence: "an ETag that the item never had, as that of another one, is taken for its present one",
	Question: "foreign_token",
	Rate:     1,
	lacks:    inShop,
	tags:     func(in *scene, next items.Tags) items.Tags { return trusting{next, in} },
}

type trusting struct {
	items.Tags
	in *scene
}

func (t trusting) Version(r *http.Request, tag string, is store.Item) int64 {
	if version := t.Tags.Version(r, tag, is); version != items.Unknown {
		return version
	}
	t.in.strikes.Add(1)
	return is.Version
}
