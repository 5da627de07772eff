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
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
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

// readers are the commands that read files, draw and leave nothing half done.
var readers = []string{"check", "gate", "report", "compare", "trend", "import", "config", "version"}

//go:embed help/*.md
var help embed.FS

// Main runs one invocation and returns its exit code.
func Main(ctx context.Context, args []string, env Env) int {
	width := env.width()
	out := &outlet{Writer: env.Stdout}
	env.Stdout = out
	flush := func() {}
	if env.inCI() {
		stdout, stderr := &guard{w: out}, &guard{w: env.Stderr}
		env.Stdout, env.Stderr, flush = stdout, stderr, stdout.Flush
		defer stderr.Flush()
	}
	root := newRoot(env)
	root.SetUsageFunc(usageIn(width))
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	flush()
	if err == nil {
		err = out.failed()
	}
	if err == nil {
		return exit.OK
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(env.Stderr, "occbench: "+oneLine(text))
	}
	return exit.CodeOf(err)
}

func newRoot(env Env) *cobra.Command {
	root := &cobra.Command{
		Use:               "occbench",
		Short:             "Load-test an API with optimistic concurrency control and prove whether it is right",
		Long:              long("occbench"),
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              noArgs,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: false},
	}
	version := root.Flags().Bool("version", false, "print the versions of occbench and of the k6 inside")
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		if *version {
			return printVersion(env)
		}
		return cmd.Help()
	}
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	root.SetFlagErrorFunc(badFlag)
	root.AddCommand(commands(env)...)
	strict(root)
	root.PersistentPreRun = func(cmd *cobra.Command, _ []string) {
		if env.Abrupt != nil && slices.Contains(readers, cmd.Name()) {
			env.Abrupt()
		}
	}
	return root
}

// strict makes cobra's own commands refuse what they do not know.
func strict(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Args = func(_ *cobra.Command, args []string) error {
				found, rest, err := root.Find(args)
				if err != nil {
					return exit.Usage(err)
				}
				return noArgs(found, rest)
			}
		case "completion":
			c.Args, c.RunE = noArgs, func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
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

// demonstrable are the commands for which the target may be the bundled server.
var demonstrable = []string{"validate", "plan", "config"}

// bind declares settings as flags of a command; the returned func loads them.
func bind(cmd *cobra.Command, env Env, names ...string) func() (*settings.Settings, error) {
	l := settings.NewLoader(env.Now, env.Getenv)
	l.Bind(cmd.Flags(), names...)
	return func() (*settings.Settings, error) {
		s, err := l.Load()
		if err != nil {
			return nil, exit.Usage(err)
		}
		if s.Bundled && cmd.Flags().Lookup("target") != nil && !slices.Contains(demonstrable, cmd.Name()) {
			return nil, exit.Usagef("%s: bundled asks for occbench's own server, which `occbench validate` starts; %s wants a URL such as %s",
				s.Source("target").Where, cmd.CommandPath(), run.DefaultTarget)
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

// outlet is stdout, which remembers what could not be written: the help is
// drawn by somebody who does not look.
type outlet struct {
	io.Writer
	once sync.Once
	err  error
}

func (o *outlet) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if err != nil {
		o.once.Do(func() { o.err = err })
	}
	return n, err
}

func (o *outlet) failed() error {
	if o.err == nil {
		return nil
	}
	return fmt.Errorf("writing to stdout: %w", o.err)
}
