package command

import (
	"bytes"
	"testing"
)

// TestFarewell holds that an interrupt is k6's while it makes the load, and after that
// names the run directory and the commands that judge it.
func TestFarewell(t *testing.T) {
	var stderr bytes.Buffer
	var codes []int
	f := &farewell{env: Env{Stderr: &stderr, Exit: func(code int) { codes = append(codes, code) }}}
	f.setDir("runs/k6_move_1", true)
	if f.exitInterrupted(); len(codes) > 0 || stderr.Len() > 0 {
		t.Errorf("the load was not k6's to end: %v, %q", codes, stderr.String())
	}
	f.setDir("runs/k6_move_1", false)
	f.exitInterrupted()
	const want = "\noccbench: ended at once; what was recorded is left, and these two judge it:\n" +
		"  occbench check runs/k6_move_1\n  occbench gate runs/k6_move_1\n"
	if len(codes) != 1 || codes[0] != 130 || stderr.String() != want {
		t.Errorf("%v, %q", codes, stderr.String())
	}
}
