package exit

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestCodeOf(t *testing.T) {
	cause := errors.New("x")
	for _, tt := range []struct {
		name string
		err  error
		want int
		text string
	}{
		{"done", nil, OK, ""},
		{"passed", Silent(OK), OK, ""},
		{"failed", Silent(Fail), Fail, ""},
		{"not decided", Silent(Inconclusive), Inconclusive, ""},
		{"wrong flag", Usage(cause), BadUsage, "x"},
		{"wrong flag, from below", fmt.Errorf("doing: %w", Usagef("--n: %w", cause)), BadUsage, "doing: --n: x"},
		{"anything else", cause, Broken, "x"},
		{"interrupted", context.Canceled, Broken, "context canceled"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := CodeOf(tt.err); got != tt.want {
				t.Errorf("code %d, want %d", got, tt.want)
			}
			if tt.err != nil && tt.err.Error() != tt.text {
				t.Errorf("says %q, want %q", tt.err, tt.text)
			}
		})
	}
	if !errors.Is(Usagef("--n: %w", cause), cause) {
		t.Error("the cause is lost")
	}
}
