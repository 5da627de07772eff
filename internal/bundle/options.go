package bundle

import (
	"io"
	"log/slog"
	"time"

	"github.com/occbench/occbench/internal/settings"
)

// Options say what is started.
type Options struct {
	Settings   *settings.Settings
	Addr       string // port 0 is any free one
	Build      string // that the server says to be
	Now        func() time.Time
	Log        *slog.Logger
	Lines      io.Writer     // embedded metrics go here; nil: nothing reads them
	Evaluation time.Duration // between two looks of the local CloudWatch at its alarms; a minute when 0
}
