package pipeline

import (
	"io"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/gate"
)

// What a stage derives it keeps to itself: the settings stay as they were given.
func TestStagesLeaveTheSettingsAlone(t *testing.T) {
	flags := "--operators 2 --duration 1s --records auto"
	p := &Pipeline{Settings: loadFlags(t, nil, strings.Fields(flags)...), Talk: io.Discard, Now: time.Now, Version: "test"}
	given := *p.Settings
	server, err := p.withCloudWatch().Serve(t.Context(), "127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	}()
	q := p.withBundledTarget(server)
	derived := *q.Settings
	spec, err := q.resolveSpec(latencies{})
	if err != nil || spec.Records == 0 || spec.Warmup >= spec.Duration {
		t.Fatalf("resolved %+v, %v", spec, err)
	}
	q.Force = true
	if _, err := q.planRun(gate.Default(), latencies{}); err != nil {
		t.Fatal(err)
	}
	if _, err := q.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := q.newManifest(q.completeSpec(spec, Subject{Bundled: true}), Subject{}); m.Spec.Target != server.URL {
		t.Errorf("the manifest names the target %s", m.Spec.Target)
	}
	if !reflect.DeepEqual(given, *p.Settings) || !reflect.DeepEqual(derived, *q.Settings) {
		t.Errorf("a stage has changed the settings: %+v, then %+v", given.Spec, p.Settings.Spec)
	}
}
