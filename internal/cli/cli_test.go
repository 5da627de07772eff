package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/cli/command"
)

// result is what one invocation came to.
type result struct {
	code           int
	stdout, stderr string
}

// invoke runs one command line in an empty folder with an environment.
func invoke(t *testing.T, vars map[string]string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	env := command.Env{
		Stdout: &stdout, Stderr: &stderr, Version: "v1.2.3",
		Getenv: func(name string) (string, bool) { v, ok := vars[name]; return v, ok },
		Now:    func() time.Time { return time.Date(2026, 3, 31, 23, 30, 0, 0, time.UTC) },
	}
	code := Main(context.Background(), args, env)
	return result{code, stdout.String(), stderr.String()}
}

// Both streams of a command are guarded in a CI, and nowhere else.
func TestMainGuardsBothStreams(t *testing.T) {
	for _, variable := range []string{"", "GITHUB_ACTIONS", "GITLAB_CI"} {
		var stdout, stderr bytes.Buffer
		env := command.Env{Stdout: &stdout, Stderr: &stderr, Getenv: func(name string) (string, bool) { return "true", name == variable }}
		Main(t.Context(), []string{"report", "##[add-mask]x"}, env)
		if found := strings.Contains(stderr.String(), "##["); found == (variable != "") || stderr.Len() == 0 {
			t.Errorf("%s: stderr %q", variable, stderr.String())
		}
		Main(t.Context(), []string{"help", "validate"}, env)
		if stdout.Len() == 0 || !strings.HasSuffix(stdout.String(), "\n") {
			t.Errorf("%s: stdout %q", variable, stdout.String())
		}
	}
}
