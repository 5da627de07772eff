package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

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
		fmt.Fprintf(&b, "  %s [command]\n", cmd.CommandPath())
		for _, g := range cmd.Groups() {
			listCommands(&b, cmd, g.ID, g.Title)
		}
		listCommands(&b, cmd, "", "Commands:")
	}
	if cmd.HasAvailableLocalFlags() {
		b.WriteString("\nFlags:\n" + cmd.LocalFlags().FlagUsagesWrapped(width))
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\nUse \"%s [command] --help\" for more information about a command.\n", cmd.CommandPath())
	}
	return b.String()
}

// listCommands writes the commands of a group under its title; nothing for a group without any.
func listCommands(b *strings.Builder, cmd *cobra.Command, group, title string) {
	title = "\n" + title + "\n"
	for _, c := range cmd.Commands() {
		if c.GroupID == group && (c.IsAvailableCommand() || c.Name() == "help") {
			fmt.Fprintf(b, "%s  %-*s %s\n", title, c.NamePadding(), c.Name(), c.Short)
			title = ""
		}
	}
}
