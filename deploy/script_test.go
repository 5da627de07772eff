package deploy

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// kubectl stands in for the one of a cluster: it writes down what is applied and says
// what a job and a test run come to.
const kubectl = `#!/bin/sh
case "$1 $2" in
"apply -f")
	cat > "$DIR/applied-${5##*=}"
	echo "${5##*=}" >> "$DIR/steps"
	! [ "${5##*=}" = "$BROKEN" ] ;;
"get pods")
	case "$4" in *-seed) printf %s "$SEED" ;; *-verdict) printf %s "$VERDICT" ;; esac ;;
"get testrun/"*) printf %s "$STAGE" ;;
esac
`

func TestScript(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip(err)
	}
	if linter, err := exec.LookPath("shellcheck"); err == nil {
		if out, err := exec.Command(linter, "k6-operator.sh").CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
	for name, tt := range map[string]struct {
		env, args []string
		code      int
		steps     string
		says      string
	}{
		"PASS":              {nil, nil, 0, "prepare seed load verdict", ""},
		"FAIL":              {[]string{"VERDICT=1"}, nil, 1, "prepare seed load verdict", ""},
		"INCONCLUSIVE":      {[]string{"VERDICT=3"}, nil, 3, "prepare seed load verdict", ""},
		"not merged":        {[]string{"VERDICT=4"}, nil, 4, "prepare seed load verdict", ""},
		"not seeded":        {[]string{"SEED=4"}, nil, 4, "prepare seed", ""},
		"not applied":       {[]string{"BROKEN=load"}, nil, 4, "prepare seed load", "applying the step load failed"},
		"a load that broke": {[]string{"STAGE=error"}, nil, 4, "prepare seed load", "has ended in the stage error"},
		"a load that hangs": {[]string{"STAGE=started", "OCCBENCH_LIMIT=0"}, nil, 4, "prepare seed load", "has not ended within 0 seconds"},
		"a wrong name":      {nil, []string{"Run_1"}, 2, "", "is no name"},
	} {
		t.Run(name, func(t *testing.T) {
			made, err := Files(Options{})
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			for _, f := range append(made, File{"kubectl", 0o755, []byte(kubectl)}) {
				if err := os.WriteFile(filepath.Join(dir, f.Path), f.Data, f.Mode); err != nil {
					t.Fatal(err)
				}
			}
			args := tt.args
			if args == nil {
				args = []string{"run-7"}
			}
			cmd := exec.Command(filepath.Join(dir, "occbench-k6-operator.sh"), args...)
			cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "DIR="+dir, "SEED=0", "VERDICT=0", "STAGE=finished", "OCCBENCH_POLL=0")
			cmd.Env = append(cmd.Env, tt.env...)
			out, err := cmd.CombinedOutput()
			if ended := new(exec.ExitError); err != nil && !errors.As(err, &ended) {
				t.Fatal(err)
			}
			if code := cmd.ProcessState.ExitCode(); code != tt.code || !strings.Contains(string(out), tt.says) {
				t.Errorf("exit code %d, want %d and %q:\n%s", code, tt.code, tt.says, out)
			}
			steps, _ := os.ReadFile(filepath.Join(dir, "steps")) // no file: no steps
			if got := strings.Join(strings.Fields(string(steps)), " "); got != tt.steps {
				t.Errorf("applied %q, want %q", got, tt.steps)
			}
			if tt.steps == "" {
				return
			}
			applied := read(t, filepath.Join(dir, "applied-seed"))
			if strings.Contains(applied, "occbench-run") || !strings.Contains(applied, "name: run-7-seed") || !strings.Contains(applied, "/results/run-7") {
				t.Errorf("the name of the run is not everywhere:\n%.300s", applied)
			}
		})
	}
}
