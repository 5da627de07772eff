package view

import (
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/run"
)

// A load that went through as it was meant to is no trouble with its generator,
// whatever code k6 found for it.
func TestHowTheGeneratorEnded(t *testing.T) {
	for _, c := range []struct {
		exit  int
		state run.State
		want  string
		words string
	}{
		{0, run.Complete, holds, "k6 exited with 0"},
		{99, run.Complete, holds, "which the gates judge"},
		{105, run.Complete, holds, "ended in order"}, // --until-decided
		{105, run.Interrupted, fails, "k6 exited with 105"},
		{107, run.Failed, fails, "k6 exited with 107"},
	} {
		tested := Run{Manifest: &run.Manifest{State: c.state, K6Exit: &c.exit}}
		for _, v := range ListValidities(tested) {
			if v.What == "The load generator ended well" && (v.State != c.want || !strings.Contains(v.Words, c.words)) {
				t.Errorf("exit %d of a run that is %s: %s, %s", c.exit, c.state, v.State, v.Words)
			}
		}
	}
}
