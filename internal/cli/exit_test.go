package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/pipeline"
)

func TestExitCode(t *testing.T) {
	cases := []struct {
		name string
		err  error
		want int
	}{
		{"done", nil, ExitOK},
		{"usage", usage(errors.New("x")), ExitUsage},
		{"usage of another package", fmt.Errorf("doing: %w", &pipeline.HostError{Host: "h"}), ExitUsage},
		{"verdict", verdictExit(ExitFail), ExitFail},
		{"anything else", errors.New("x"), ExitBroken},
		{"interrupted before there was a run", context.Canceled, ExitBroken},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := exitCode(c.err); got != c.want {
				t.Errorf("exit code %d, want %d", got, c.want)
			}
		})
	}
}

// What is no verdict is never success.
func TestVerdictCode(t *testing.T) {
	want := map[gate.Result]int{gate.Pass: ExitOK, gate.Fail: ExitFail, gate.Inconclusive: ExitInconclusive, "": ExitInconclusive, "MAYBE": ExitInconclusive}
	for v, code := range want {
		if got := verdictCode(v); got != code {
			t.Errorf("%q: exit code %d, want %d", v, got, code)
		}
	}
}

// A message stays on its line and without escape sequences, whoever wrote it.
func TestMessagesAreOneLine(t *testing.T) {
	var stderr bytes.Buffer
	env := Env{Stdout: &bytes.Buffer{}, Stderr: &stderr, Getenv: func(string) (string, bool) { return "", false }, Now: time.Now}
	code := Main(t.Context(), []string{"gate", "no\nsuch\x1b[31mrun"}, env)
	if code != ExitBroken || strings.Count(stderr.String(), "\n") != 1 || strings.Contains(stderr.String(), "\x1b") {
		t.Errorf("exit code %d, message %q", code, stderr.String())
	}
}
