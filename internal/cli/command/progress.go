package command

import (
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/pipeline"
)

// Progress are the flags that say how a run is shown while it goes on.
type Progress struct {
	How   string // one of auto, plain
	Quiet bool
}

// The ways to show a run.
const (
	progressAuto  = "auto"
	progressPlain = "plain"
)

var ways = []string{progressAuto, progressPlain}

// Bind declares --progress and --quiet.
func (p *Progress) Bind(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.How, "progress", progressAuto,
		"`HOW` the run is shown while it goes on: auto (a screen at a terminal, lines elsewhere) or plain")
	CompleteFlag(cmd, "progress", ways...)
	cmd.Flags().BoolVar(&p.Quiet, "quiet", false, "show nothing of the work, and the result in one line")
}

// Check returns an error when the flags cannot take effect together.
func (p *Progress) Check(cmd *cobra.Command) error {
	switch {
	case p.How != progressAuto && p.How != progressPlain:
		return RefuseValue("progress", p.How, ways)
	case p.Quiet && cmd.Flags().Changed("progress"):
		return exit.Usagef("--quiet and --progress exclude each other")
	}
	return nil
}

// Open directs the pipeline's messages and progress to where they are wanted. What it returns must be called before
// anything else is written.
func (p *Progress) Open(env Env, to *pipeline.Pipeline) (done func()) {
	if p.Quiet {
		to.Talk = io.Discard
		return func() {}
	}
	if screen := openScreen(env); screen != nil && p.How == progressAuto {
		to.Talk, to.Live = screen, screen
		return screen.Close
	}
	to.Live = &live.Lines{W: env.Stderr}
	return func() {}
}

// openScreen returns a screen on stderr when that is a terminal that can draw
// it; otherwise nil.
func openScreen(env Env) *live.Screen {
	f, ok := env.Stderr.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || !hasCursorControl(env.Getenv) {
		return nil
	}
	return &live.Screen{W: f, Color: env.isColored(true), Size: func() (width, height int) {
		width, height, err := term.GetSize(int(f.Fd()))
		if err != nil {
			return 0, 0 // the usual size
		}
		return width, height
	}}
}

// hasCursorControl reports whether the terminal can move its cursor. TERM
// tells it and, on Windows, the program that sets WT_SESSION.
func hasCursorControl(getenv func(string) (string, bool)) bool {
	kind, _ := getenv("TERM")
	if kind == "dumb" {
		return false
	}
	_, windows := getenv("WT_SESSION")
	return kind != "" || windows
}
