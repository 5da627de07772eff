package reports

import (
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/rundir"
)

// A load that went through as it was meant to is no trouble with its generator,
// whatever code k6 found for it.
func TestHowTheGeneratorEnded(t *testing.T) {
	for _, c := range []struct {
		exit  int
		state rundir.State
		want  string
		words string
	}{
		{0, rundir.Complete, holds, "k6 exited with 0"},
		{99, rundir.Complete, holds, "which the gates judge"},
		{105, rundir.Complete, holds, "ended in order"}, // --until-decided
		{105, rundir.Interrupted, fails, "k6 exited with 105"},
		{107, rundir.Failed, fails, "k6 exited with 107"},
	} {
		run := Run{Manifest: &rundir.Manifest{State: c.state, K6Exit: &c.exit}}
		for _, v := range validities(run) {
			if v.What == "The load generator ended well" && (v.State != c.want || !strings.Contains(v.Words, c.words)) {
				t.Errorf("exit %d of a run that is %s: %s, %s", c.exit, c.state, v.State, v.Words)
			}
		}
	}
}
