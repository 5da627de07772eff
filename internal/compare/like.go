package compare

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/loopback"
	"github.com/occbench/occbench/internal/run"
)

// Difference is something in which two runs are unlike.
type Difference run.Difference

func (d Difference) String() string {
	if d.Base == d.Run {
		return fmt.Sprintf("%s %s in both", d.What, orNone(d.Base))
	}
	return fmt.Sprintf("%s %s against %s", d.What, orNone(d.Base), orNone(d.Run))
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// DiffLoads returns in what the load of two runs differs. Runs whose loads
// differ are not comparable: a difference of their numbers says nothing about
// the server. Target build, fault, date, seed and duration may differ; the
// first two are what is compared.
func DiffLoads(base, other *run.Manifest) []Difference {
	if base == nil || other == nil {
		if b, o := describePresence(base), describePresence(other); b != o {
			return []Difference{{"manifest.json", b, o}}
		}
		return nil
	}
	var all []Difference
	if base.HistoryDropped > 0 || other.HistoryDropped > 0 {
		all = append(all, Difference{"history", describeCompleteness(base), describeCompleteness(other)})
	}
	if b, o := classifyTarget(base.Spec.Target), classifyTarget(other.Spec.Target); b != o {
		all = append(all, Difference{"target", b, o})
	}
	for _, d := range run.DiffSpecs(&base.Spec, &other.Spec) {
		all = append(all, Difference(d))
	}
	return all
}

// findSameBuild returns the build as a difference when both runs tested the
// same one, although the second was declared to test a new one: the new build
// was never deployed. Two unknown builds count as the same.
func findSameBuild(base, other *run.Manifest) []Difference {
	if base == nil || other == nil || base.TargetBuild != other.TargetBuild || base.Spec.Fault != other.Spec.Fault {
		return nil
	}
	return []Difference{{"target build, said to be new,", base.TargetBuild, other.TargetBuild}}
}

func describePresence(m *run.Manifest) string {
	if m == nil {
		return "missing"
	}
	return "there"
}

// describeCompleteness says whether operations are missing from a history. A
// history with gaps is like no other, not even like one with as many gaps.
func describeCompleteness(m *run.Manifest) string {
	if m.HistoryDropped == 0 {
		return "whole"
	}
	return fmt.Sprintf("with %d operations not recorded", m.HistoryDropped)
}

// HasOtherHost reports whether both targets are on other machines, and differ.
// It is not part of DiffLoads, because such a comparison may be intended.
func HasOtherHost(base, other *run.Manifest) bool {
	b, o := base.Spec.Target, other.Spec.Target
	return classifyTarget(b) != here && classifyTarget(o) != here && b != o
}

// here is the place of a target on this machine.
const here = "on this machine"

// classifyTarget returns the kind of a target that matters for a comparison: a
// server on this machine shares its processors with the load.
func classifyTarget(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.Hostname() == "" {
		return "unknown"
	}
	if loopback.IsHost(u.Hostname()) {
		return here
	}
	return "on another machine"
}

// UnlikeError refuses to compare.
type UnlikeError struct {
	Base, Run   string
	Differences []Difference
}

func (e *UnlikeError) Error() string {
	var list []string
	for _, d := range e.Differences {
		list = append(list, d.String())
	}
	return fmt.Sprintf(
		"comparing %s with %s: the runs are unlike, so their difference says nothing about the server: %s; --force compares them all "+
			"the same",
		e.Base,
		e.Run,
		strings.Join(list, "; "),
	)
}

// ExitCode is that of a usage error.
func (e *UnlikeError) ExitCode() int { return exit.BadUsage }
