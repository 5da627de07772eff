package wait

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestFor(t *testing.T) {
	if err := For(t.Context(), time.Microsecond); err != nil {
		t.Errorf("the time does not pass: %v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := For(ended, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
}
