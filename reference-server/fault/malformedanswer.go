package fault

import (
	"encoding/json"
	"net/http"
	"strconv"
)

var malformedAnswer = Fault{
	Name:      "malformed-answer",
	Sentence:  "the answer of an applied update holds no version",
	Invariant: "OCC-12",
	Rate:      0.2,
	answer: func(w http.ResponseWriter, r *http.Request, _ *scene, next http.Handler) {
		held := newHeld(w)
		next.ServeHTTP(held, r)
		if held.status == http.StatusOK {
			held.body = removeVersion(held.body)
			w.Header().Set("Content-Length", strconv.Itoa(len(held.body)))
		}
		held.send()
	},
	etag: func(f *Fault) { f.Sentence, f.answer = "the answer of an applied update has no ETag", serveWithoutTag },
}

// serveWithoutTag leaves the ETag out of an answer.
func serveWithoutTag(w http.ResponseWriter, r *http.Request, _ *scene, next http.Handler) {
	held := newHeld(w)
	next.ServeHTTP(held, r)
	w.Header().Del("ETag")
	held.send()
}

// removeVersion takes the version out of an answer; one it cannot read stays
// as it is.
func removeVersion(body []byte) []byte {
	var doc struct {
		OK   bool           `json:"ok"`
		Data map[string]any `json:"data"`
	}
	if json.Unmarshal(body, &doc) != nil {
		return body
	}
	delete(doc.Data, "version")
	less, err := json.Marshal(doc)
	if err != nil {
		return body
	}
	return less
}
