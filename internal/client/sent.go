package client

import (
	"net/http"

	"github.com/occbench/occbench/internal/history"
)

// MaxSent is how many bytes of an answer that somebody else received are read.
const MaxSent = 64 << 10

// Sent classifies the answer to a move of a card that somebody else sent and
// received, such as the page in a browser: an HTTP status, 0 without an answer,
// and the body. The rules are those of Move. The times of the answer are for
// the caller to know.
func Sent(id string, status int, body []byte) Answer {
	mem := enter()
	defer mem.leave()
	got := reply{status: status, body: body[:min(len(body), MaxSent)], end: history.None}
	a := answer(&got, nil)
	switch {
	case status == 0:
	case status/100 == 2:
		a.acknowledge(id, mem.decoder(got.body))
	case status >= http.StatusBadRequest:
		a.refuse(mem.decoder(got.body))
	default:
		a.Err = unexpected(status)
	}
	return a
}
