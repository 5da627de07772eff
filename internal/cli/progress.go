package cli

import (
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/pipeline"
)

// progress are the flags that say how a run is shown while it goes on.
type progress struct {
	how   string
	quiet bool
}

// The ways to show a run.
const (
	progressAuto  = "auto"
	progressPlain = "plain"
)

func (p *progress) bind(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.how, "progress", progressAuto, "`HOW` the run is shown while it goes on: auto is a screen at a terminal and plain lines elsewhere, or plain")
	cmd.Flags().BoolVar(&p.quiet, "quiet", false, "show nothing of the work; errors and the result are written all the same")
}

// open directs the pipeline's talk and progress to where they are wanted. What
// it returns must be called before anything else is written.
func (p *progress) open(cmd *cobra.Command, env Env, to *pipeline.Pipeline) (done func(), err error) {
	switch {
	case p.how != progressAuto && p.how != progressPlain:
		return nil, exit.Usagef("--progress: %q is not one of auto, plain", p.how)
	case p.quiet && cmd.Flags().Changed("progress"):
		return nil, exit.Usagef("--quiet and --progress exclude each other")
	case p.quiet:
		to.Talk = io.Discard
		return func() {}, nil
	}
	if screen := screen(env); screen != nil && p.how == progressAuto {
		to.Talk, to.Live = screen, screen
		return screen.Close, nil
	}
	to.Live = &live.Lines{W: env.Stderr}
	return func() {}, nil
}

// screen returns one on stderr when that is a terminal that can draw it.
func screen(env Env) *live.Screen {
	f, ok := env.Stderr.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || !draws(env.Getenv) {
		return nil
	}
	plain, _ := env.Getenv("NO_COLOR")
	return &live.Screen{W: f, Color: plain == "", Size: func() (width, height int) {
		width, height, err := term.GetSize(int(f.Fd()))
		if err != nil {
			return 0, 0 // the usual size
		}
		return width, height
	}}
}

// draws reports whether the terminal moves its cursor when told to. TERM says
// so, and on Windows the program that sets WT_SESSION.
func draws(getenv func(string) (string, bool)) bool {
	kind, _ := getenv("TERM")
	if kind == "dumb" {
		return false
	}
	_, windows := getenv("WT_SESSION")
	return kind != "" || windows
}
