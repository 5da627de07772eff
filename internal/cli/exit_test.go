package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/gate"
)

// What is no verdict is never success.
func TestVerdictCode(t *testing.T) {
	want := map[gate.Result]int{gate.Pass: exit.OK, gate.Fail: exit.Fail, gate.Inconclusive: exit.Inconclusive, "": exit.Inconclusive, "MAYBE": exit.Inconclusive}
	for v, code := range want {
		if got := v.ExitCode(); got != code {
			t.Errorf("%q: exit code %d, want %d", v, got, code)
		}
	}
}

// A message stays on its line and without escape sequences, whatever it quotes.
func TestMessagesAreOneLine(t *testing.T) {
	var stderr bytes.Buffer
	env := command.Env{Stdout: &bytes.Buffer{}, Stderr: &stderr, Getenv: func(string) (string, bool) { return "", false }, Now: time.Now}
	code := Main(t.Context(), []string{"gate", "no\nsuch\x1b[31mrun"}, env)
	if code != exit.Broken || strings.Count(stderr.String(), "\n") != 1 || strings.Contains(stderr.String(), "\x1b") {
		t.Errorf("exit code %d, message %q", code, stderr.String())
	}
}
