package cli

import (
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

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
		newGateCmd(env),
		newReportCmd(env),
		newCompareCmd(env),
		newTrendCmd(env),
		newImportCmd(env),
		newStudyCmd(env),
		newSelftestCmd(env),
		newK6Cmd(),
		newVersionCmd(env),
	}
}

// The settings that commands share.
var (
	targetFlags = []string{"target", "allow-host", "date", "tag", "timeout"}
	loadFlags   = []string{"operators", "rate", "ramp", "max-operators", "duration", "warmup", "cards", "think", "pause", "pick", "walk", "refresh", "double-moves", "attempts", "budget", "backoff", "rand-seed", "shared-board"}
	serverFlags = []string{"store", "database-url", "fault"}
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
		Talk: env.Stderr, Terminal: terminal(env),
	}
}

// terminal returns stderr when somebody looks at it.
func terminal(env Env) *os.File {
	if f, ok := env.Stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// defaultTarget is where `occbench serve` listens.
const defaultTarget = "http://127.0.0.1:8080"

// withTarget fills in the default target of a command that needs one.
func withTarget(s *settings.Settings) *settings.Settings {
	if s.Target == "" {
		s.Target = defaultTarget
	}
	return s
}
