package command

import (
	"runtime/debug"

	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
)

// NewPipeline returns a pipeline of these settings that talks on stderr.
func NewPipeline(env Env, s *settings.Settings) *pipeline.Pipeline {
	return &pipeline.Pipeline{Settings: s, Version: env.Version, K6: K6Version(), Now: env.Now, Talk: env.Stderr}
}

// TargetUsage describes --target where it has a default; `occbench validate` has none and starts a server of its own.
const TargetUsage = "base `URL` of the API under test (default " + run.DefaultTarget + ")"

// WithDefaultTarget returns settings with a target: the default one when none
// was given.
func WithDefaultTarget(s *settings.Settings) *settings.Settings {
	if s.Target != "" {
		return s
	}
	return s.WithTarget(run.DefaultTarget)
}

// K6Version returns the version of the k6 that is linked into the binary.
func K6Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, dep := range info.Deps {
		if dep.Path == "go.k6.io/k6/v2" {
			return dep.Version
		}
	}
	return "not linked"
}
