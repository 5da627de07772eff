package evidence

import (
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
)

// The same history is measured with and without the people in it.
func TestPeopleAreNotTheLoad(t *testing.T) {
	dir, err := run.Create(t.TempDir(), time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	text := history.Header + "\n" +
		"5,6,,1,read,17,,,seen,200,4,scheduled,1,,,\n" +
		"7,8,,1,update,17,4,in_progress,applied,200,5,in_progress,1,,,\n" +
		"9,10,,1002,update,17,5,ready,applied,200,6,ready,1,,,\n" +
		"9,11,,1001,update,17,5,ready,conflict,409,6,ready,1,,,\n"
	if err := dir.WriteFile(run.HistoryFile, []byte(text)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		people    run.Spec
		conflicts int
	}{{run.Spec{}, 1}, {run.Spec{Browser: 1, FirstDesk: 1001}, 0}} {
		m := run.Manifest{State: run.Complete, Spec: c.people}
		if err := dir.WriteManifest(m); err != nil {
			t.Fatal(err)
		}
		r, err := LoadRecording(dir, Options{Policy: gate.Default()})
		if err != nil || r.Numbers.ConflictRate.Hits != c.conflicts {
			t.Errorf("%d people: %d conflicts, %v", c.people.Browser, r.Numbers.ConflictRate.Hits, err)
		}
		drawn := 0
		for i := range r.Timeline.Bins {
			drawn += r.Timeline.Bins[i].Attempts()
		}
		if drawn != 1+2*c.conflicts {
			t.Errorf("%d people: %d attempts drawn", c.people.Browser, drawn)
		}
	}
}

func TestScreensOfARun(t *testing.T) {
	dir, err := run.Create(t.TempDir(), time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	browsed := run.Manifest{State: run.Complete, Spec: run.Spec{Browser: 1, FirstDesk: 1001}}
	seen := func(m run.Manifest) (*gate.Screens, error) {
		if err := dir.WriteManifest(m); err != nil {
			t.Fatal(err)
		}
		e, err := Open(dir, Options{Policy: gate.Default()})
		if err != nil {
			return nil, err
		}
		return e.facts(gate.Default()).UX, nil
	}
	if s, err := seen(run.Manifest{State: run.Complete}); s != nil || err != nil {
		t.Errorf("a run without browsers: %v, %v", s, err)
	}
	if s, err := seen(browsed); err != nil || s == nil || s.Numbers != nil {
		t.Errorf("nothing noted: %+v, %v", s, err)
	}
	if err := dir.WriteFile(run.UXFile, []byte(`{"what":"failure","person":1001,"why":"it crashed"}`+"\n")); err != nil {
		t.Fatal(err)
	}
	if s, err := seen(browsed); err != nil || len(s.Numbers.Failures) != 1 {
		t.Errorf("a browser that crashed: %+v, %v", s, err)
	}
	if err := dir.WriteFile(run.UXFile, []byte("moved\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := seen(browsed); err == nil || !strings.Contains(err.Error(), "ux.ndjson:1") {
		t.Errorf("a damaged file: %v", err)
	}
}
