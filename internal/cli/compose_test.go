package cli

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/settings"
)

// parseArgs checks that a command line is one of this program: the command
// exists, accepts the flags, and nothing is left over.
func parseArgs(t *testing.T, args []string) {
	t.Helper()
	cmd, rest, err := newRoot(command.Env{Stdout: os.Stdout, Stderr: os.Stderr}).Find(args)
	if err != nil {
		t.Errorf("%q: %v", args, err)
		return
	}
	if err := cmd.ParseFlags(rest); err != nil {
		t.Errorf("%q: %v", args, err)
	}
	if err := cobra.NoArgs(cmd, cmd.Flags().Args()); err != nil {
		t.Errorf("%q: %v", args, err)
	}
}

// listKnown returns the variables that some setting reads.
func listKnown() []string {
	var all []string
	for _, k := range settings.Keys() {
		all = append(all, k.Env)
	}
	return all
}

// compose.yaml calls commands, flags and variables that exist.
func TestComposeCallsWhatExists(t *testing.T) {
	var doc struct {
		Services map[string]struct {
			Image       string
			Command     []string
			Environment map[string]string
			Healthcheck struct{ Test []string }
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, "../../compose.yaml")), &doc); err != nil {
		t.Fatal(err)
	}
	ours := 0
	for name, service := range doc.Services {
		if service.Image != "occbench" {
			continue
		}
		ours++
		parseArgs(t, service.Command)
		for variable := range service.Environment {
			if !slices.Contains(listKnown(), variable) {
				t.Errorf("%s: no setting reads %s", name, variable)
			}
		}
		if probe := service.Healthcheck.Test; len(probe) > 0 {
			if probe[1] != "/usr/bin/occbench" {
				t.Errorf("%s: %q", name, probe)
			}
			parseArgs(t, probe[2:])
		}
	}
	if ours != 2 {
		t.Errorf("%d services are occbench", ours)
	}
}

var variable = regexp.MustCompile(`\bOCCBENCH_[A-Z_]+\b`)

// The files of a CI set variables that a setting or the script reads.
func TestCIVariablesExist(t *testing.T) {
	// Of the script and the repository's variables.
	own := []string{"OCCBENCH_VERSION", "OCCBENCH_MIRROR", "OCCBENCH_TARGET", "OCCBENCH_HOST", "OCCBENCH_AWS_ROLE", "OCCBENCH_REQUIRE",
		"OCCBENCH_START", "OCCBENCH_HEALTH", "OCCBENCH_START_TIMEOUT", "OCCBENCH_BASELINE", "OCCBENCH_BASELINE_HEADER", "OCCBENCH_BASELINE_JOB",
		"OCCBENCH_FAIL_IF_WORSE"}
	for _, name := range own {
		if slices.Contains(listKnown(), name) {
			t.Errorf("%s is a setting too", name)
		}
	}
	for _, path := range []string{"ci/github.yml", "ci/gitlab.yml", "ci/Jenkinsfile", "ci/gate.sh", "action.yml", ".github/workflows/ci.yml", "docs/ci.md"} {
		for _, name := range variable.FindAllString(read(t, "../../"+path), -1) {
			if !slices.Contains(own, name) && !slices.Contains(listKnown(), name) {
				t.Errorf("%s: nothing reads %s", path, name)
			}
		}
	}
}

// The action and the script call validate with flags that it has.
func TestCICallsWhatExists(t *testing.T) {
	call := regexp.MustCompile(`(?m)^\s*occbench (validate .*?|version)(?: \|\| .*)?$`)
	for path, want := range map[string]int{"ci/gate.sh": 2} {
		found := call.FindAllStringSubmatch(read(t, "../../"+path), -1)
		if len(found) != want {
			t.Errorf("%s: %d calls", path, len(found))
		}
		for _, m := range found {
			line := regexp.MustCompile(` "\$(@|\{words\[@\]\})"`).ReplaceAllString(m[1], "")
			parseArgs(t, strings.Fields(line))
		}
	}
}
