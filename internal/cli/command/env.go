// Package command holds what the commands share: the world that they may touch, the flags that several take, and how a
// result and a message are written.
package command

import (
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// Env is what a command may touch of the world.
type Env struct {
	Stdout, Stderr io.Writer
	Getenv         func(string) (string, bool)
	Now            func() time.Time
	Version        string // stamped by the linker

	// Abrupt gives signals their default effect again, for commands that have
	// nothing to end in order; nil: they have it already.
	Abrupt func()
}

// The width of the usage text where stdout is no terminal, and the least that makes sense.
const (
	UsualWidth = 120
	leastWidth = 60
)

// Width returns the columns of the usage text: those of the terminal where stdout is a narrow one.
func (env Env) Width() int {
	f, ok := env.Stdout.(*os.File)
	if !ok {
		return UsualWidth
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return UsualWidth
	}
	return min(max(columns, leastWidth), UsualWidth)
}

// ciVariables name the CI services whose log readers take some of what a step
// prints for commands. Each service sets its own.
var ciVariables = []string{"GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "TEAMCITY_VERSION"}

// InCI reports whether a CI service reads what is printed.
func (env Env) InCI() bool {
	for _, name := range ciVariables {
		if value, set := env.Getenv(name); set && value != "" {
			return true
		}
	}
	return false
}
