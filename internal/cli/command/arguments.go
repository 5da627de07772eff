package command

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/nearest"
)

// NoArgs refuses what is not a command, with a suggestion where one is near.
func NoArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	what := "argument"
	if cmd.HasAvailableSubCommands() {
		what = "command"
	}
	text := fmt.Sprintf("unknown %s %q for %q%s", what, args[0], cmd.CommandPath(), suggestNames(findNearCommands(cmd, args[0])...))
	return exit.Usagef("%s; see `%s --help`", text, cmd.CommandPath())
}

// findNearCommands returns the command that was probably meant, or else all
// commands with the same beginning.
func findNearCommands(cmd *cobra.Command, word string) []string {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			names = append(names, c.Name())
		}
	}
	if near := nearest.Name(word, names); near != "" {
		return []string{near}
	}
	return slices.DeleteFunc(names, func(n string) bool { return word == "" || !strings.HasPrefix(n, word) })
}

func suggestNames(names ...string) string {
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names, " or ") + "?"
}

// ExplainBadFlag says what is wrong with a flag, and which one was probably meant.
func ExplainBadFlag(cmd *cobra.Command, err error) error {
	text := err.Error()
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near := nearest.Name(unknown.GetSpecifiedName(), names); near != "" && strings.Contains(text, "--") {
			text += suggestNames("--" + near)
		}
	}
	return exit.Usagef("%s; see `%s --help`", text, cmd.CommandPath())
}

// OneArg wants exactly one argument and says which.
func OneArg(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			return nil
		}
		return NewArgsError(cmd, "one "+name, args)
	}
}

// AtMostOneArg wants one argument or none and says which.
func AtMostOneArg(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) <= 1 {
			return nil
		}
		return NewArgsError(cmd, "at most one "+name, args)
	}
}

// NewArgsError returns a usage error that says which arguments a command
// takes, and how many it got.
func NewArgsError(cmd *cobra.Command, what string, args []string) error {
	got := fmt.Sprintf("%d arguments", len(args))
	if len(args) == 1 {
		got = "1 argument"
	}
	return exit.Usagef("%s wants %s, e.g. `%s`; got %s", cmd.CommandPath(), what, cmd.Example, got)
}

// CheckAfterDash accepts arguments after -- and refuses all others.
func CheckAfterDash(cmd *cobra.Command, args []string) error {
	if dash := cmd.ArgsLenAtDash(); dash == 0 {
		return nil
	} else if dash > 0 {
		args = args[:dash]
	}
	return NoArgs(cmd, args)
}
