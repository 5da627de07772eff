package command

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/reference-server/fault"
)

// offered are values of settings that have a notation of their own, as a shell offers
// them.
var offered = map[string][]string{
	"pick": {"uniform", "first", "own", "zipf:0.99", "hotspot:20/80"}, "races": {"auto", "off", "2/sx8"},
	"date": {"today", "tomorrow"}, "target": {settings.BundledTarget, run.DefaultTarget}, "warmup": {"auto", "0s"},
}

// completeValues makes the shell offer the values of the named settings. They are looked
// up when the shell asks: every start of the program would pay for it.
func completeValues(cmd *cobra.Command, names []string) {
	for _, name := range names {
		// The only error is a flag that does not exist.
		_ = cmd.RegisterFlagCompletionFunc(name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			values := listValues(name)
			if len(values) == 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return values, cobra.ShellCompDirectiveNoFileComp
		})
	}
}

// listValues returns the completions of a setting; nil when there are none.
func listValues(name string) []string {
	switch name {
	case "api":
		return api.Names()
	case "fault":
		return ListFaults()
	}
	return slices.Concat(settings.ListChoices(name), offered[name])
}

// ListFaults returns the names of all faults of the bundled server.
func ListFaults() []string {
	var names []string
	for _, f := range fault.List("") {
		names = append(names, f.Name)
	}
	return names
}

// CompleteFlag makes the shell's completion offer values of a declared flag.
func CompleteFlag(cmd *cobra.Command, flag string, values ...string) {
	// The only error is a flag that does not exist.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}
