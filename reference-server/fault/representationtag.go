package fault

import (
	"hash/crc32"
	"net/http"

	"github.com/occbench/occbench/reference-server/items"
	"github.com/occbench/occbench/reference-server/store"
)

var representationTag = Fault{
	Name:     "representation-tag",
	Sentence: "an item has another ETag for every Accept and Accept-Encoding, and If-Match takes only that of its own request",
	Question: "representation",
	Rate:     1,
	lacks:    inShop,
	tags: func(in *scene, _ items.Tags) items.Tags {
		return derived{in, func(_ *scene, r *http.Request, is store.Item) string {
			asked := crc32.ChecksumIEEE([]byte(r.Header.Get("Accept") + "\n" + r.Header.Get("Accept-Encoding")))
			return items.QuoteTag(is.ID+int64(asked)<<32, is.Version)
		}}
	},
}
