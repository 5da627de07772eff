package client

import (
	"fmt"

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
