package client

import (
	"fmt"
	"net/http"

	"github.com/occbench/occbench/internal/run"
)

// bodyLimit is how large the body of an answer may be.
type bodyLimit struct {
	bytes    int64
	exceeded Trouble
}

func newBodyLimit(bytes int64, what, flag string) bodyLimit {
	return bodyLimit{bytes, Trouble(fmt.Sprintf("%s is larger than %s (%s)", what, run.FormatSize(bytes), flag))}
}

// limitOf returns the limit of the answer to a request.
func (c *Client) limitOf(r *http.Request) bodyLimit {
	if r.Method == http.MethodGet {
		return c.read
	}
	return c.update
}
