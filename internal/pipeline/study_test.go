package pipeline

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/internal/study"
)

// Real clients all get their change, with as many moves at least; those who run
// out of patience are counted.
func TestStudyOfATarget(t *testing.T) {
	target, _, _ := openBoard(t, 1)
	p := &Pipeline{Settings: &settings.Settings{Spec: run.Spec{Target: target.Target, Date: target.Date, Tag: "load", Timeout: target.Timeout}}, Talk: io.Discard, Now: time.Now}
	o := study.Options{Clients: []int{5}, Base: time.Millisecond, Limit: 10 * time.Millisecond, Patience: 20 * time.Second}
	result, err := p.StudyBackoff(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range result.Rows {
		if r.Done != 5 || r.Calls < 5 || r.TimeMS <= 0 {
			t.Errorf("row %+v", r)
		}
	}
	if o.Patience = time.Nanosecond; len(result.Rows) != 5 {
		t.Fatalf("%d rows", len(result.Rows))
	}
	result, err = p.StudyBackoff(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if r := result.Rows[0]; r.Done != 0 || !strings.Contains(r.Line(), "5 without their change") {
		t.Errorf("without patience: %s", r.Line())
	}
}
