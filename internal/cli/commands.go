package cli

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
)

// commands returns every command, in the order of the job.
func commands(env Env) []*cobra.Command {
	return []*cobra.Command{
		newValidateCmd(env),
		newServeCmd(env),
		newProbeCmd(env),
		newSeedCmd(env),
		newPlanCmd(env),
		newRunCmd(env),
		newCheckCmd(env),
		newPullCmd(env),
		newGateCmd(env),
		newReportCmd(env),
		newCompareCmd(env),
		newTrendCmd(env),
		newImportCmd(env),
		newStudyCmd(env),
		newReleaseCmd(env),
		newRollbackCmd(env),
		newAlarmsCmd(env),
		newDoctorCmd(env),
		newSelftestCmd(env),
		newK6Cmd(),
		newInitCmd(env),
		newConfigCmd(env),
		newManCmd(env),
		newVersionCmd(env),
	}
}

// The settings that commands share.
var (
	targetFlags  = append(sectionFlags("The target"), "allow-host")
	loadFlags    = sectionFlags("The load")
	browserFlags = []string{"browser", "scenario", "board-url"}
	serverFlags  = []string{"store", "database-url", "fault", "metrics"}
	metricFlags  = []string{"aws-region", "aws-profile", "aws-endpoint", "namespace", "stage", "function"}
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

// names joins groups of settings.
func names(groups ...[]string) []string {
	var all []string
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

func newPipeline(env Env, s *settings.Settings) *pipeline.Pipeline {
	return &pipeline.Pipeline{
		Settings: s, Version: env.Version, K6: K6Version(), Now: env.Now,
		Talk: env.Stderr,
	}
}

// targetUsage explains --target where it has a default, which it has not where
// `occbench validate` starts a server of its own.
const targetUsage = "base `URL` of the move API (default " + run.DefaultTarget + ")"

// withTarget returns settings that have a target: the default one where none was
// given.
func withTarget(s *settings.Settings) *settings.Settings {
	if s.Target != "" {
		return s
	}
	return s.WithTarget(run.DefaultTarget)
}
