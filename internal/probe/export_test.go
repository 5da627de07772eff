package probe

import (
	"encoding/json"
	"net/http"

	"github.com/occbench/occbench/internal/api"
)

// Excerpt is excerpt, for tests.
var Excerpt = excerpt

// ForeignBoard is foreignBoard for the body of a 200, for tests; the columns
// are read too.
func ForeignBoard(by *api.API, body []byte) string {
	a := answer{status: http.StatusOK, body: body, header: http.Header{}}
	_ = json.Unmarshal(body, &a.envelope)
	for _, c := range readColumns(a.Data) {
		for _, card := range c.cards {
			_ = cardFault(&by.States, card)
		}
	}
	return foreignBoard(by, &a)
}
