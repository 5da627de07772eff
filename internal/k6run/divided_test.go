package k6run

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Every k6 of a divided load begins when all are ready, and what becomes of one is told
// by its name.
func TestRunDivided(t *testing.T) {
	for name, tt := range map[string]struct {
		script string
		ready  time.Duration
		states []State
		reason string // of generator 2
	}{
		"all end":             {"serve\nexit 0", 0, []State{Complete, Complete, Complete}, ""},
		"one is killed":       {"serve\nof 2 kill\nwait\nexit 105", 0, []State{Interrupted, Failed, Interrupted}, "k6 was killed"},
		"one does not begin":  {"of 2 last\nof 2 exit 104\nserve\nwait\nexit 105", 0, []State{Interrupted, Failed, Interrupted}, "k6 did not accept the options"},
		"one does not answer": {"of 2 wait\nof 2 exit 105\nserve\nwait\nexit 105", 3 * time.Second, []State{Interrupted, Failed, Interrupted}, "did not answer within 3s"},
		"one is interrupted":  {"serve\nof 2 exit 103\nwait\nexit 105", 0, []State{Interrupted, Interrupted, Interrupted}, "stopped through its REST API"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, folder := newOptions(t, tt.script), filepath.Join(t.TempDir(), "generators")
			o.Ready = tt.ready
			all, err := RunDivided(context.Background(), o, 3, folder, "r")
			if err != nil {
				t.Fatal(err)
			}
			for i, g := range all {
				if g.State != tt.states[i] {
					t.Errorf("generator %s ended %s (%s), want %s", g.Name, g.State, g.Reason, tt.states[i])
				}
				log, err := os.ReadFile(filepath.Join(folder, g.Name, LogFile))
				if err != nil || !strings.Contains(string(log), `"--execution-segment" "`+g.Segment+`" "--execution-segment-sequence" "0,1/3,2/3,1" "--paused"`) ||
					!strings.Contains(string(log), "OCC_DIR="+folder+" ") || !strings.Contains(string(log), "OCC_GENERATOR="+g.Name) {
					t.Errorf("generator %s was started with %s (%v)", g.Name, log, err)
				}
			}
			if !strings.Contains(all[1].Reason, tt.reason) {
				t.Errorf("the reason of generator 2 is %q, want %q", all[1].Reason, tt.reason)
			}
		})
	}
}
