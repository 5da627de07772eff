// Package cli is the command line: it turns flags into options and makes one
// call. What is decided, measured or drawn is decided, measured and drawn
// elsewhere.
//
// stdout carries the result and nothing else, so that it can be piped; what
// occbench says about its work goes to stderr.
package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
)

// readers are the commands that read files, draw and leave nothing half done.
var readers = []string{"check", "gate", "report", "compare", "trend", "import", "config", "version"}

// The help lists commands in the order of the job.
func init() { cobra.EnableCommandSorting = false }

// Main runs one invocation and returns its exit code.
func Main(ctx context.Context, args []string, env command.Env) int {
	width := env.Width()
	out := &command.Outlet{Writer: env.Stdout}
	env.Stdout = out
	flush := func() {}
	if env.IsCI() {
		stdout, stderr := &command.Guard{Out: out}, &command.Guard{Out: env.Stderr}
		env.Stdout, env.Stderr, flush = stdout, stderr, stdout.Flush
		defer stderr.Flush()
	}
	root := newRoot(env)
	root.SetUsageFunc(newUsage(width))
	root.SetArgs(args)
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		cleanFlagUsages(root)
	}
	err := root.ExecuteContext(ctx)
	flush()
	if err == nil {
		err = out.Err()
	}
	if err == nil {
		return exit.OK
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(env.Stderr, "occbench: "+command.JoinLines(text))
	}
	return exit.CodeOf(err)
}

func newRoot(env command.Env) *cobra.Command {
	root := &cobra.Command{
		Use:               "occbench",
		Short:             "Load-test an API with optimistic concurrency control and prove whether it is right",
		Long:              readLongHelp("occbench"),
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              command.NoArgs,
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
	root.SetFlagErrorFunc(command.ExplainBadFlag)
	for _, g := range groupCommands(env) {
		root.AddGroup(&cobra.Group{ID: g.id, Title: g.title})
		for _, cmd := range g.commands {
			cmd.GroupID = g.id
		}
		root.AddCommand(g.commands...)
	}
	root.SetHelpCommandGroupID("more")
	root.SetCompletionCommandGroupID("more")
	refuseUnknown(root)
	root.PersistentPreRun = func(cmd *cobra.Command, _ []string) {
		if env.Abrupt != nil && slices.Contains(readers, strings.TrimPrefix(cmd.CommandPath(), root.Name()+" ")) {
			env.Abrupt()
		}
	}
	return root
}

// cleanFlagUsages removes the backquotes around placeholders from the
// descriptions of all flags, which shell completion would show.
func cleanFlagUsages(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) { f.Usage = strings.ReplaceAll(f.Usage, "`", "") })
	for _, c := range cmd.Commands() {
		cleanFlagUsages(c)
	}
}

// refuseUnknown makes cobra's own commands refuse arguments that they do not
// know.
func refuseUnknown(root *cobra.Command) {
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
				return command.NoArgs(found, rest)
			}
		case "completion":
			c.Args, c.RunE = command.NoArgs, func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
}
