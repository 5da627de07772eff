package k6run

import (
	"os"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/run"
)

// buildEnviron returns the environment of k6. It removes every inherited K6_*
// (K6_ITERATIONS=1 in a shell profile would silently replace the scenario) and
// inherited parameters of a run, and adds the parameters of this run and what
// the user gave after --.
func (o *Options) buildEnviron(inherited, extra []string) []string {
	ours := run.K6Names()
	env := slices.DeleteFunc(slices.Clone(inherited), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return strings.HasPrefix(name, "K6_") || strings.HasPrefix(name, "OCC_") || slices.Contains(ours, name)
	})
	env = append(env, "K6_AUTO_EXTENSION_RESOLUTION=false", "K6_NO_USAGE_REPORT=true")
	if o.Declared {
		env = append(env, run.EnvDeclared+"=true")
	}
	env = append(append(env, o.segment.listEnv()...), o.listParameters()...)
	env = append(env, browserSettings(inherited, o.Spec.Browser, os.Geteuid())...)
	return append(env, extra...)
}
