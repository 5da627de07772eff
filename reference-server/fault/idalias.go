package fault

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/occbench/occbench/reference-server/items"
)

var idAlias = Fault{
	Name:     "id-alias",
	Sentence: "ids are read as numbers of 32 bits, so that 17, 017 and 4294967313 are one record",
	Question: "id_aliases",
	Rate:     1,
	lacks:    map[string]string{items.Name: "has names for ids, which are written in one way"},
	answer: func(w http.ResponseWriter, r *http.Request, _ *scene, next http.Handler) {
		if id, err := strconv.ParseUint(strings.TrimSpace(r.PathValue("id")), 10, 64); err == nil {
			r.SetPathValue("id", strconv.FormatUint(uint64(uint32(id)), 10))
		}
		next.ServeHTTP(w, r)
	},
}
