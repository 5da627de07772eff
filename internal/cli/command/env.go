// Package command holds what the commands share: the world that they may touch, the flags that several take, and how a
// result and a message are written.
package command

import (
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/occbench/occbench/reports/text"
)

// Env is a command's access to the world.
type Env struct {
	Stdout, Stderr io.Writer
	Getenv         func(string) (string, bool)
	Now            func() time.Time
	Version        string // stamped by the linker

	// Abrupt gives signals their default effect again, for commands that have
	// nothing to end in order; nil: they have it already.
	Abrupt func()

	Exit func(code int) // ends the program at once; nil: only signals do
}

// The width of the usage text where stdout is no terminal, and the least that makes sense.
const (
	UsualWidth = 120
	leastWidth = 60
)

// Width returns the columns of the usage text: those of the terminal where stdout is a narrow one.
func (env Env) Width() int {
	f, ok := env.terminal()
	if !ok {
		return UsualWidth
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return UsualWidth
	}
	return min(max(columns, leastWidth), UsualWidth)
}

// terminal returns the terminal that stdout is, behind whatever remembers its errors.
func (env Env) terminal() (f *os.File, ok bool) {
	w := env.Stdout
	if out, remembers := w.(*Outlet); remembers {
		w = out.Writer
	}
	f, ok = w.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// ciVariables name the CI services whose log readers take some of what a step
// prints for commands. Each service sets its own.
var ciVariables = []string{"GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "TEAMCITY_VERSION"}

// IsCI reports whether a CI service reads the output.
func (env Env) IsCI() bool {
	for _, name := range ciVariables {
		if value, set := env.Getenv(name); set && value != "" {
			return true
		}
	}
	return false
}

// Style returns how stdout shows text: as wide as a terminal of 60 to 120 columns, and
// in colour at a terminal unless NO_COLOR is set, elsewhere only where FORCE_COLOR is
// (https://no-color.org, https://force-color.org).
func (env Env) Style() text.Style {
	_, terminal := env.terminal()
	style := text.Style{Columns: text.Width, Color: env.isColored(terminal)}
	if terminal {
		style.Columns = env.Width()
	}
	return style
}

// isColored reports whether to write colors.
func (env Env) isColored(terminal bool) bool {
	if env.Getenv == nil {
		return terminal
	}
	if never, _ := env.Getenv("NO_COLOR"); never != "" {
		return false
	}
	if force, _ := env.Getenv("FORCE_COLOR"); force != "" && force != "0" {
		return true
	}
	kind, _ := env.Getenv("TERM")
	return terminal && kind != "dumb"
}
