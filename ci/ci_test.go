package ci

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// tool runs a program of the tools module on files of the repository, in the
// folder of that module.
func tool(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.Command("go", append([]string{"tool"}, args...)...)
	cmd.Dir = "../tools"
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("go tool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// actionlint reads the workflows of the project and the one that init writes,
// with a release filled in and without.
func TestWorkflows(t *testing.T) {
	if testing.Short() {
		t.Skip("builds actionlint")
	}
	paths, err := filepath.Glob("../.github/workflows/*.yml")
	if err != nil || len(paths) < 2 {
		t.Fatalf("%d workflows, %v", len(paths), err)
	}
	for version, name := range map[string]string{"v1.2.3": "release.yml", "main": "checkout.yml"} {
		written, err := Files("github", version)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, written[0].Data, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	tool(t, append([]string{"actionlint", "-no-color"}, paths...)...)
}

// The linter is not a rubber stamp.
func TestActionlintFindsAMistake(t *testing.T) {
	if testing.Short() {
		t.Skip("builds actionlint")
	}
	path := filepath.Join(t.TempDir(), "wrong.yml")
	wrong := strings.Replace(read(t, "github.yml"), "steps.occbench.outputs", "steps.occbunch.outputs", 1)
	if err := os.WriteFile(path, []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "tool", "actionlint", "-no-color", path)
	cmd.Dir = "../tools"
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "occbunch") {
		t.Errorf("%v\n%s", err, out)
	}
}

// pin is a commit, with the version that it is in a comment behind it.
var pin = regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)

// An action that is named by a tag is whatever the tag is moved to.
func TestActionsArePinned(t *testing.T) {
	paths, err := filepath.Glob("../.github/workflows/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range append(paths, "../action.yml", "github.yml") {
		for _, line := range strings.Split(read(t, path), "\n") {
			_, uses, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "- "), "uses: ")
			if !ok || uses == "./" || uses == "occbench/occbench@"+placeholder {
				continue
			}
			found++
			if !pin.MatchString(uses) {
				t.Errorf("%s: %s is not pinned to a commit", path, uses)
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d actions were found", found)
	}
}

// gitlab is what the test reads of a job.
type gitlab struct {
	Script    []string
	Image     string
	Variables map[string]string

	AllowFailure map[string]int `yaml:"allow_failure"`
	Artifacts    struct {
		When    string
		Paths   []string
		Reports map[string]string
	}
}

func TestGitLab(t *testing.T) {
	var doc map[string]gitlab
	decoder := yaml.NewDecoder(strings.NewReader(read(t, "gitlab.yml")))
	if err := decoder.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	job := doc["occbench"]
	if !slices.Contains(job.Script, "bash "+script.path) || job.Image == "" || job.Variables["OCCBENCH_START"] == "" || job.AllowFailure["exit_codes"] != 3 {
		t.Errorf("%+v", job)
	}
	if !strings.HasPrefix(job.Variables["URL"], "http://127.0.0.1:") || !strings.HasSuffix(job.Variables["OCCBENCH_BASELINE"], "/download?job=occbench") {
		t.Errorf("%+v", job.Variables)
	}
	out := job.Variables["OCCBENCH_OUT"]
	if job.Artifacts.When != "always" || !slices.Contains(job.Artifacts.Paths, out+"/") || job.Artifacts.Reports["junit"] != out+"/k6_move_*/junit.xml" {
		t.Errorf("%+v", job.Artifacts)
	}
}

// No linter of Jenkins runs without Jenkins: the brackets close, and what the
// file calls is there.
func TestJenkinsfile(t *testing.T) {
	text := read(t, "Jenkinsfile")
	var open []rune
	closes := map[rune]rune{')': '(', '}': '{', ']': '['}
	for _, r := range regexp.MustCompile(`//.*|'[^']*'|"[^"]*"`).ReplaceAllString(text, "") {
		switch r {
		case '(', '{', '[':
			open = append(open, r)
		case ')', '}', ']':
			if len(open) == 0 || open[len(open)-1] != closes[r] {
				t.Fatalf("%c closes nothing", r)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("%d brackets are open", len(open))
	}
	for _, want := range []string{"bash " + script.path, "code == 3", "OCCBENCH_START = ", "copyArtifacts ", "skipOldReports: true", `OCCBENCH_OUT = "load_test_results/${BUILD_NUMBER}"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

// Jenkins keeps the workspace. What a build reports and archives lies in its own
// folder, so no report of an earlier build is read again.
func TestJenkinsfileCollectsThisBuildOnly(t *testing.T) {
	text := read(t, "Jenkinsfile")
	for _, step := range []string{"testResults", "artifacts"} {
		found := regexp.MustCompile(step + `: ['"]([^'"]*)['"]`).FindStringSubmatch(text)
		if found == nil {
			t.Fatalf("no %s", step)
		}
		if !strings.HasPrefix(found[1], "${OCCBENCH_OUT}/") {
			t.Errorf("%s: %s also matches the runs of other builds", step, found[1])
		}
	}
}

func TestScriptSyntax(t *testing.T) {
	for _, path := range []string{"gate.sh", "../tools/package-docs.sh"} {
		if out, err := exec.Command("bash", "-n", path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", path, err, out)
		}
	}
	shellcheck, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("shellcheck is not installed")
	}
	if out, err := exec.Command(shellcheck, "gate.sh", "../tools/package-docs.sh").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
