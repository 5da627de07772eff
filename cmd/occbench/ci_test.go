package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// actionStep is what the test reads of a step of action.yml.
type actionStep struct {
	ID    string
	Shell string
	Run   string
	Env   map[string]string
}

// validateStep is the step of action.yml that calls occbench.
func validateStep(t *testing.T) actionStep {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Inputs  map[string]any
		Outputs map[string]struct{ Value string }
		Runs    struct {
			Using string
			Steps []actionStep
		}
	}
	if err := yaml.Unmarshal(text, &action); err != nil {
		t.Fatal(err)
	}
	if action.Runs.Using != "composite" || len(action.Inputs) == 0 {
		t.Fatalf("%+v", action)
	}
	for _, output := range []string{"verdict", "run"} {
		if want := "${{ steps.validate.outputs." + output + " }}"; action.Outputs[output].Value != want {
			t.Errorf("output %s is %q, want %q", output, action.Outputs[output].Value, want)
		}
	}
	for _, s := range action.Runs.Steps {
		if s.ID == "validate" {
			return s
		}
	}
	t.Fatal("no step is called validate")
	return actionStep{}
}

// inActions runs a step as a runner does, and returns its exit code and outputs.
func inActions(t *testing.T, s actionStep, vars ...string) (code int, outputs map[string]string, summary, log string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "step.sh")
	if err := os.WriteFile(file, []byte(s.Run), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(s.Shell, "--noprofile", "--norc", "-eo", "pipefail", file)
	cmd.Dir = dir
	action, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(os.Environ(), append(vars, "GITHUB_ACTION_PATH="+action,
		"GITHUB_ACTIONS=true", "RUNNER_TEMP="+filepath.Join(dir, "temp"),
		"GITHUB_OUTPUT="+filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary.md"))...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	outputs = map[string]string{}
	for _, line := range strings.Split(content(t, filepath.Join(dir, "output")), "\n") {
		if name, value, ok := strings.Cut(line, "="); ok {
			outputs[name] = value
		}
	}
	return cmd.ProcessState.ExitCode(), outputs, content(t, filepath.Join(dir, "summary.md")), string(out)
}

// content is a file's text, empty where it does not exist.
func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}

// The action's own step, with occbench and the bundled server behind it.
func TestActionFailsTheJob(t *testing.T) {
	s := validateStep(t)
	// The inputs reach the shell as variables: what stands in one is no script.
	if strings.Contains(s.Run, "${{") || s.Env["ARGUMENTS"] != "${{ inputs.args }}" || s.Env["TARGET"] != "${{ inputs.target }}" {
		t.Errorf("%+v", s)
	}
	code, outputs, summary, log := inActions(t, s, "TARGET=bundled", "HOST=",
		"ARGUMENTS=--fault lost-update\n--records 4 --think 20ms --pause 20ms\n  --duration 20s --fail-fast --force\n")
	if code != 1 || outputs["verdict"] != "FAIL" {
		t.Fatalf("exit %d, outputs %v\n%s", code, outputs, log)
	}
	if !strings.Contains(log, "\n::error title=lost update (OCC-01)::") || !strings.Contains(summary, "OCC-01") {
		t.Errorf("no annotation, or no summary\n%s\n%s", log, summary)
	}
	const banner = "own demo server, not your API"
	if !strings.Contains(log, "\n::warning title=occbench::This tested occbench's "+banner) || !strings.Contains(summary, banner) {
		t.Errorf("no banner\n%s\n%s", log, summary)
	}
	for _, name := range []string{"raw/history.csv", "verdict.json", "junit.xml"} {
		if _, err := os.Stat(filepath.Join(outputs["run"], name)); err != nil {
			t.Error(err)
		}
	}
}

func TestActionWithoutAVerdict(t *testing.T) {
	code, outputs, _, log := inActions(t, validateStep(t), "TARGET=http://shop.example.org", "HOST=shop.example.com", "ARGUMENTS=")
	if code != 2 || outputs["verdict"] != "" || !strings.Contains(log, "--allow-host shop.example.org") {
		t.Errorf("exit %d, outputs %v\n%s", code, outputs, log)
	}
}

// An unset variable of the workflow is an empty input.
func TestActionWantsATarget(t *testing.T) {
	code, outputs, _, log := inActions(t, validateStep(t), "TARGET=", "HOST=", "ARGUMENTS=--duration 3s")
	if code != 2 || outputs["run"] != "" || !strings.Contains(log, "\n::error title=occbench::URL is empty") {
		t.Errorf("exit %d, outputs %v\n%s", code, outputs, log)
	}
}

// What a package holds beside the program is made by the program.
func TestPackageDocs(t *testing.T) {
	out := t.TempDir()
	cmd := exec.Command("bash", filepath.Join(root, "tools", "package-docs.sh"), out)
	cmd.Env = append(os.Environ(), "OCCBENCH=occbench")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, name := range []string{"completions/_occbench", "completions/occbench.fish", "completions/occbench.ps1", "man/occbench.1", "man/occbench-validate.1"} {
		if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Size() < 500 {
			t.Errorf("%s: %v", name, err)
		}
	}
	completion := filepath.Join(out, "completions", "occbench.bash")
	if text, err := exec.Command("bash", "-n", completion).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}
