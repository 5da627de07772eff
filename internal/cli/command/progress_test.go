package command

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/live"
	"github.com/occbench/occbench/internal/pipeline"
)

// Only what can move its cursor gets a screen.
func TestTerminalsThatDraw(t *testing.T) {
	for _, tt := range []struct {
		env  map[string]string
		want bool
	}{
		{nil, false}, {map[string]string{"TERM": "xterm-256color"}, true}, {map[string]string{"TERM": "dumb"}, false},
		{map[string]string{"WT_SESSION": "1"}, true}, {map[string]string{"TERM": "dumb", "WT_SESSION": "1"}, false},
	} {
		getenv := func(name string) (string, bool) { v, ok := tt.env[name]; return v, ok }
		if got := hasCursorControl(getenv); got != tt.want {
			t.Errorf("%v: %v", tt.env, got)
		}
	}
}

func TestProgressFlags(t *testing.T) {
	for _, tt := range []struct {
		args  string
		shown string // what progress is shown to
		wrong string
	}{
		{"", "*live.Lines", ""}, // a buffer is no terminal
		{"--progress plain", "*live.Lines", ""},
		{"--quiet", "<nil>", ""},
		{"--progress bars", "", `"bars" is not one of auto, plain`},
		{"--quiet --progress auto", "", "exclude each other"},
	} {
		var b bytes.Buffer
		env := Env{Stderr: &b, Getenv: func(string) (string, bool) { return "xterm", true }}
		cmd, p, to := &cobra.Command{}, Progress{}, &pipeline.Pipeline{Talk: &b}
		p.Bind(cmd)
		if err := cmd.ParseFlags(strings.Fields(tt.args)); err != nil {
			t.Fatal(err)
		}
		err := p.Check(cmd)
		if tt.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), tt.wrong) || exit.CodeOf(err) != exit.BadUsage {
				t.Errorf("%s: %v", tt.args, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		done := p.Open(env, to)
		if got := fmt.Sprintf("%T", to.Live); got != tt.shown || (to.Talk == io.Discard) != p.Quiet {
			t.Errorf("%s: shown to %s", tt.args, got)
		}
		if to.Live != nil {
			to.Live.Show(live.Snapshot{Stage: live.Load, Elapsed: 1e10, Total: 1e10})
		}
		done()
		if quiet := b.Len() == 0; quiet != p.Quiet {
			t.Errorf("%s writes %q", tt.args, b.String())
		}
	}
}
