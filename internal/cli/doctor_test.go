package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
)

// callDoctor runs one invocation in an environment of its own.
func callDoctor(env map[string]string, args ...string) (code int, printed string) {
	var out bytes.Buffer
	code = Main(context.Background(), args, command.Env{
		Stdout: &out, Stderr: &out, Now: time.Now, Version: "test",
		Getenv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	})
	return code, out.String()
}

// TestAuthUsage holds that authentication which cannot take effect is refused
// before anything is sent, and that no value of --auth is repeated.
func TestAuthUsage(t *testing.T) {
	tests := []struct {
		name string
		env  map[string]string
		args []string
		want string
	}{
		{"the bundled server lets everybody in", nil, []string{"validate", "--auth", "bearer:env=SHOP_TOKEN"}, "cannot take effect on the bundled server"},
		{"a secret in the flag", nil, []string{"probe", "--auth", "bearer:CANARY-0123456789"}, "secrets stand in variables"},
		{"a secret in the environment's spec", map[string]string{"OCCBENCH_AUTH": "CANARY-0123456789"}, []string{"probe"}, "$OCCBENCH_AUTH"},
		{"no requests", nil, []string{"seed", "--database-url", "postgres://x@127.0.0.1/x", "--auth", "bearer:env=SHOP_TOKEN"}, "straight in the database"},
		{"two ways at once", nil, []string{"probe", "--target", "http://me:CANARY@127.0.0.1:1", "--auth", "bearer:env=SHOP_TOKEN"}, "give one of them"},
		{"a variable that is not set", nil, []string{"seed", "--target", "http://127.0.0.1:1", "--auth", "bearer:env=NO_SUCH_TOKEN"}, "NO_SUCH_TOKEN is not set"},
		{"the host's region is another", nil, []string{"probe", "--target", "https://a.lambda-url.eu-west-1.on.aws", "--allow-host", "a.lambda-url.eu-west-1.on.aws", "--auth", "sigv4:region=us-east-1"}, "in region eu-west-1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, printed := callDoctor(tt.env, tt.args...)
			if code != exit.BadUsage || !strings.Contains(printed, tt.want) || strings.Contains(printed, "CANARY") {
				t.Errorf("exit code %d, want %d and %q:\n%s", code, exit.BadUsage, tt.want, printed)
			}
		})
	}
}
