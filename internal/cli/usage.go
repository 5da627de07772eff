package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// The width in which flags are explained where nobody knows a better one, and
// the least that makes sense.
const (
	usualWidth = 120
	leastWidth = 60
)

// width is that of the terminal, where stdout is one that is narrower than
// usual.
func (env Env) width() int {
	f, ok := env.Stdout.(*os.File)
	if !ok {
		return usualWidth
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return usualWidth
	}
	return min(max(columns, leastWidth), usualWidth)
}

// usageIn returns what draws the usage of a command, flags wrapped. Examples
// stand in the long help above it.
func usageIn(width int) func(*cobra.Command) error {
	return func(cmd *cobra.Command) error {
		_, err := cmd.OutOrStderr().Write([]byte(usageText(cmd, width)))
		return err
	}
}

func usageText(cmd *cobra.Command, width int) string {
	var b strings.Builder
	b.WriteString("Usage:\n")
	if cmd.Runnable() {
		fmt.Fprintf(&b, "  %s\n", cmd.UseLine())
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s [command]\n\nAvailable Commands:\n", cmd.CommandPath())
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() || c.Name() == "help" {
				fmt.Fprintf(&b, "  %-*s %s\n", c.NamePadding(), c.Name(), c.Short)
			}
		}
	}
	if cmd.HasAvailableLocalFlags() {
		b.WriteString("\nFlags:\n" + cmd.LocalFlags().FlagUsagesWrapped(width))
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\nUse \"%s [command] --help\" for more information about a command.\n", cmd.CommandPath())
	}
	return b.String()
}

// tellFlag explains a setting's flag where it means something else than in the
// manual.
func tellFlag(cmd *cobra.Command, name, usage string) { cmd.Flags().Lookup(name).Usage = usage }
