package fault

import (
	"net/http"
	"strings"
	"time"

	"github.com/occbench/occbench/reference-server/items"
	"github.com/occbench/occbench/reference-server/store"
)

// weakAge is how long an item counts as one that may still change without its tag.
const weakAge = time.Second

var weakTag = Fault{
	Name:      "weak-tag",
	Sentence:  "for a second after an update the ETag is weak (W/), and If-Match refuses every weak one",
	Invariant: "OCC-05",
	Rate:      1,
	lacks:     inShop,
	tags:      func(in *scene, strong items.Tags) items.Tags { return weakened{strong, in} },
}

type weakened struct {
	items.Tags
	in *scene
}

func (t weakened) Tag(r *http.Request, is store.Item) string {
	tag := t.Tags.Tag(r, is)
	if t.in.now().Sub(is.UpdatedAt) < weakAge {
		return "W/" + tag
	}
	return tag
}

func (t weakened) Version(r *http.Request, tag string, is store.Item) int64 {
	if strings.HasPrefix(tag, "W/") {
		t.in.strikes.Add(1)
		return items.Unknown
	}
	return t.Tags.Version(r, tag, is)
}
