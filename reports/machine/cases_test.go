package machine

import (
	"testing"
	"time"

	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/view"
)

func TestSpanNeverRunsBackwards(t *testing.T) {
	r := view.Run{Manifest: &run.Manifest{Start: time.Date(2030, 1, 15, 8, 15, 0, 0, time.UTC)}}
	if start, end := findSpan(r); !end.Equal(start) {
		t.Errorf("from %v to %v", start, end)
	}
}
