// Package settings produces the effective values of one invocation and knows
// where each came from.
//
// A setting has one name. As a flag it is --rand-seed, in occbench.yaml it is
// rand_seed, in the environment OCCBENCH_RAND_SEED (or the runbook's name where
// there is one). The order is flag > environment > file > default, and every
// source goes through the same parser, so a bad value is refused in the same
// words wherever it stands.
package settings

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/run"
)

// Settings are the effective values: the declared run, and what concerns this
// invocation alone. Durations are as declared; an empty Date is never left: it is
// tomorrow, UTC.
type Settings struct {
	run.Spec
	Bundled     bool     // the target is occbench's own server, asked for by name; Target is empty
	AllowHosts  []string // hosts besides loopback that may be loaded
	Out         string   // folder of the run directories
	Format      string
	Upload      string // URL of the place to which the run directory is uploaded; empty: it stays here
	DatabaseURL string // of the bundled server's store
	Addr        string
	ServedHosts []string   // under which the bundled server answers besides those of its machine
	Metrics     string     // where the bundled server publishes: auto, cloudwatch, emf, none
	LocalAddr   string     // where a local CloudWatch endpoint listens; empty: there is none
	CloudWatch  CloudWatch // where the target's metrics are
	Release     Release
	Gates       Gates

	sources map[string]Source
	texts   map[string]string // as given or preset, by flag
}

// With returns settings whose declared run is another one. What was given, and
// where, stays as it was.
func (s *Settings) With(spec run.Spec) *Settings {
	other := *s
	other.Spec = spec
	return &other
}

// WithTarget returns settings for another target.
func (s *Settings) WithTarget(url string) *Settings {
	spec := s.Spec
	spec.Target = url
	return s.With(spec)
}

// Authentication returns how requests are authenticated: as the settings say or, where
// they say nothing, as the API file does.
func (s *Settings) Authentication() auth.Spec {
	preset := ""
	if by, err := s.LoadAPI(); err == nil { // else what loads the API says what is wrong with it
		preset = by.Auth
	}
	spec, err := auth.Choose(s.Auth, preset)
	if err != nil {
		panic("settings: auth was not checked") // checkAuth refuses it where it is set, the API file where it is compiled
	}
	return spec
}

// Source says where a value came from.
type Source struct {
	Kind  string // flag, environment, file, default
	Where string // --operators, $URL, occbench.yaml:3
}

// Source returns where the value of a setting came from.
func (s *Settings) Source(name string) Source {
	if src, ok := s.sources[name]; ok {
		return src
	}
	return Source{Kind: "default"}
}

// NameWithSource names a setting in a sentence, with the place where it was
// set: --rate, $OCCBENCH_RATE, rate (occbench.yaml:3).
func (s *Settings) NameWithSource(name string) string {
	src := s.Source(name)
	if src.Kind == "file" {
		return fmt.Sprintf("%s (%s)", strings.ReplaceAll(name, "-", "_"), src.Where)
	}
	return src.Where
}

// IsGiven reports whether a setting was given by a flag, a variable or the
// file.
func (s *Settings) IsGiven(name string) bool {
	_, ok := s.sources[name]
	return ok
}
