// Package cli is the command line: it turns flags into options and makes one
// call. What is decided, measured or drawn is decided, measured and drawn
// elsewhere.
//
// stdout carries the result and nothing else, so that it can be piped; what
// occbench says about its work goes to stderr.
package cli

import (
	"context"
	"embed"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/settings"
)

// Env is what a command may touch of the world.
type Env struct {
	Stdout, Stderr io.Writer
	Getenv         func(string) (string, bool)
	Now            func() time.Time
	Version        string // stamped by the linker
}

//go:embed help/*.md
var help embed.FS

// Main runs one invocation and returns its exit code.
func Main(ctx context.Context, args []string, env Env) int {
	root := newRoot(env)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return ExitOK
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(env.Stderr, "occbench: "+oneLine(text))
	}
	return exitCode(err)
}

func newRoot(env Env) *cobra.Command {
	root := &cobra.Command{
		Use:               "occbench",
		Short:             "Load-test an API with optimistic concurrency control and prove whether it is right",
		Long:              long("occbench"),
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              noArgs,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: false},
	}
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath()))
	})
	root.AddCommand(commands(env)...)
	return root
}

// noArgs refuses what is not a command, with a suggestion where one is near.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	what := "command"
	if cmd.HasParent() {
		what = "argument"
	}
	text := fmt.Sprintf("unknown %s %q for %q", what, args[0], cmd.CommandPath())
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		text += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return usage(fmt.Errorf("%s; see `%s --help`", text, cmd.CommandPath()))
}

// oneArg wants exactly one argument and says which.
func oneArg(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			return nil
		}
		return usage(fmt.Errorf("%s wants one %s, e.g. `%s`; got %d arguments", cmd.CommandPath(), name, cmd.Example, len(args)))
	}
}

// long returns the long help of a command, which lies beside it as Markdown.
func long(name string) string {
	text, err := help.ReadFile("help/" + name + ".md")
	if err != nil {
		panic("cli: " + err.Error())
	}
	return strings.TrimSpace(string(text))
}

// bind declares settings as flags of a command; the returned func loads them.
func bind(cmd *cobra.Command, env Env, names ...string) func() (*settings.Settings, error) {
	l := settings.NewLoader(env.Now, env.Getenv)
	l.Bind(cmd.Flags(), names...)
	return func() (*settings.Settings, error) {
		s, err := l.Load()
		if err != nil {
			return nil, usage(err)
		}
		return s, nil
	}
}

// oneLine keeps a message on its line whatever an error or a target put in.
func oneLine(s string) string {
	// errors.Join puts each error on a line of its own.
	s = strings.ReplaceAll(strings.TrimSpace(s), "\n", "; ")
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return ' '
		}
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '?'
		}
		return r
	}, s)
}
