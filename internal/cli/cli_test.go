package cli

import (
	"bytes"
	"context"
	"testing"
	"time"
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
	env := Env{
		Stdout: &stdout, Stderr: &stderr, Version: "v1.2.3",
		Getenv: func(name string) (string, bool) { v, ok := vars[name]; return v, ok },
		Now:    func() time.Time { return time.Date(2026, 3, 31, 23, 30, 0, 0, time.UTC) },
	}
	code := Main(context.Background(), args, env)
	return result{code, stdout.String(), stderr.String()}
}
