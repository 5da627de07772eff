package command

import (
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
)

// The settings that commands share.
var (
	TargetFlags  = append(sectionFlags("The target"), "allow-host")
	LoadFlags    = sectionFlags("The load")
	BrowserFlags = []string{"browser", "scenario", "board-url"}
	ServerFlags  = []string{"store", "database-url", "fault", "metrics"}
	MetricFlags  = []string{"aws-region", "aws-profile", "aws-endpoint", "namespace", "stage", "function"}
)

// sectionFlags returns the flags that the table of run has in a section.
func sectionFlags(section string) []string {
	var all []string
	for _, f := range run.Settings(time.Now) {
		if f.Section == section {
			all = append(all, f.Name)
		}
	}
	return all
}

// JoinNames returns the names of the settings of all given groups.
func JoinNames(groups ...[]string) []string {
	var all []string
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// Options hold the options of every command.
type Options struct {
	Env      Env
	Settings *settings.Settings
}

// demonstrable are the commands for which the target may be the bundled server.
var demonstrable = []string{"validate", "plan", "config"}

// BindSettings declares settings as flags of a command. The function that it
// returns loads their values.
func BindSettings(cmd *cobra.Command, env Env, names ...string) func() (*settings.Settings, error) {
	l := settings.NewLoader(env.Now, env.Getenv)
	l.Bind(cmd.Flags(), names...)
	completeValues(cmd, names)
	return func() (*settings.Settings, error) {
		s, err := l.Load()
		if err != nil {
			return nil, exit.Usage(err)
		}
		if s.Bundled && cmd.Flags().Lookup("target") != nil && !slices.Contains(demonstrable, cmd.Name()) {
			return nil, exit.Usagef("%s: bundled asks for occbench's own server, which `occbench validate` starts; %s wants a URL such "+
				"as %s",
				s.Source("target").Where, cmd.CommandPath(), run.DefaultTarget)
		}
		return s, nil
	}
}

// DescribeFlag replaces the description of a setting's flag where it means something else than in the manual.
func DescribeFlag(cmd *cobra.Command, name, usage string) { cmd.Flags().Lookup(name).Usage = usage }
