package cli

import (
	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/pipeline"
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
	targetFlags  = []string{"target", "allow-host", "auth", "date", "tag", "timeout", "update-limit", "list-limit"}
	loadFlags    = []string{"operators", "rate", "ramp", "max-operators", "duration", "warmup", "cards", "think", "pause", "pick", "walk", "refresh", "double-moves", "races", "attempts", "budget", "backoff", "rand-seed", "shared-board"}
	browserFlags = []string{"browser", "scenario", "board-url"}
	serverFlags  = []string{"store", "database-url", "fault", "metrics"}
	metricFlags  = []string{"aws-region", "aws-profile", "aws-endpoint", "namespace", "stage", "function"}
)

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

// defaultTarget is where `occbench serve` listens.
const defaultTarget = "http://127.0.0.1:8080"

// targetUsage explains --target where it has a default, which it has not where
// `occbench validate` starts a server of its own.
const targetUsage = "base `URL` of the move API (default " + defaultTarget + ")"

// withTarget fills in the default target of a command that needs one.
func withTarget(s *settings.Settings) *settings.Settings {
	if s.Target == "" {
		s.Target = defaultTarget
	}
	return s
}
