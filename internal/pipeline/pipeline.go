// Package pipeline chains the stages of the main job: probe, seed, run, check,
// gate, report.
//
// The run directory is the interface between the stages. Each stage is one call
// that reads files of it and writes its own, so any of them can be repeated on
// an old run, and a stage that could not do its work becomes evidence for the
// verdict instead of an exit in the middle.
package pipeline

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/occbench/occbench/internal/settings"
)

// Pipeline is one invocation: what is wanted, and what may be touched.
type Pipeline struct {
	Settings *settings.Settings
	Version  string           // of occbench
	K6       string           // version of the k6 inside
	Now      func() time.Time //
	Talk     io.Writer        // what occbench says about its work
	Terminal *os.File         // k6's bar is drawn here; nil: calm lines go to Talk
	K6Args   []string         // what the user wrote after --
	Force    bool             // run also what the plan says is in vain
	Watch    Watch            // what ends a run before its time
}

// say writes one line about the work.
func (p *Pipeline) say(format string, args ...any) {
	fmt.Fprintf(p.Talk, format+"\n", args...)
}
