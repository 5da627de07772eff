package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/occbench/occbench/internal/settings"
)

// newUsage returns the function that draws the usage of a command, with
// wrapped flags. The examples are in the long help above it.
func newUsage(width int) func(*cobra.Command) error {
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
		writeFlags(&b, cmd, width)
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

// manyFlags is from how many flags on a command shows them in sections.
const manyFlags = 15

// usedFirst are the flags that most people want first, in that order.
var usedFirst = []string{"target", "api", "duration", "operators", "records", "rate", "until-decided", "fault", "out", "quiet"}

// writeFlags lists the flags of a command. Where there are many, those that are used
// first come first and the others by the sections of the manual.
func writeFlags(b *strings.Builder, cmd *cobra.Command, width int) {
	all := cmd.LocalFlags()
	count := 0
	all.VisitAll(func(*pflag.Flag) { count++ })
	if count < manyFlags {
		b.WriteString("\nFlags:\n" + all.FlagUsagesWrapped(width))
		return
	}
	first := pflag.NewFlagSet("", pflag.ContinueOnError)
	first.SortFlags = false
	for _, name := range usedFirst {
		if f := all.Lookup(name); f != nil {
			first.AddFlag(f)
		}
	}
	b.WriteString("\nFlags, the most used first:\n" + first.FlagUsagesWrapped(width))
	titles, sections := []string{}, map[string]*pflag.FlagSet{}
	all.SortFlags = false
	all.VisitAll(func(f *pflag.Flag) {
		if first.Lookup(f.Name) != nil {
			return
		}
		title := "This command"
		if named := f.Annotations[settings.SectionAnnotation]; len(named) > 0 {
			title = named[0]
		}
		if sections[title] == nil {
			titles, sections[title] = append(titles, title), pflag.NewFlagSet("", pflag.ContinueOnError)
		}
		sections[title].AddFlag(f)
	})
	slices.SortStableFunc(titles, func(x, y string) int { return rankSection(x) - rankSection(y) })
	for _, title := range titles {
		b.WriteString("\n" + title + ":\n" + sections[title].FlagUsagesWrapped(width))
	}
}

// rankSection returns the position of a section among the others. Flags of the
// command alone come last.
func rankSection(title string) int {
	places := []string{"The target", "The load", "The result", "The status board", "The bundled server", "CloudWatch", "Releases"}
	if i := slices.Index(places, title); i >= 0 {
		return i
	}
	return len(places)
}
