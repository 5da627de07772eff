package reports

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/clocks"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/generator"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/proof"
)

// What each generator did, in every format for readers and in JSON.
func TestGenerators(t *testing.T) {
	r := readRecorded(t, "sample-lost-update")
	ms := 12.25
	r.Numbers.Generators = []measure.Part{
		{Generator: "move-1", Operations: 1234, Attempts: 600, Applied: 570, Conflicts: 30, P95MS: &ms, Stalls: &measure.Stalls{LateMS: 3.5}},
		{Generator: "move-2", Operations: 1230, Attempts: 590, Applied: 570, Conflicts: 20, P95MS: &ms, Stalls: &measure.Stalls{Count: 2, TotalS: 3.1, LateMS: 8}},
		{Generator: "move-3", Operations: 900, Attempts: 400, Applied: 400},
	}
	r.Generators = evidence.Generators{
		List: []generator.Manifest{
			{Name: "move-1", Segment: "0:1/4", State: run.Complete},
			{Name: "move-2", Segment: "1/4:2/4", State: run.Failed, Reason: "the disk is full", DroppedIterations: 12, HistoryDropped: 7},
			{Name: "move-3", Segment: "2/4:3/4", State: run.Running},
			{Name: "3/4:1", Segment: "3/4:1", State: run.Failed, Lost: true},
		},
		Clocks: &clocks.Bounds{
			Window: 10e9, Generators: []clocks.Generator{{Name: "move-1"}, {Name: "move-2"}},
			Windows: []clocks.Window{{Apart: []int64{0, 600_000, 600_000, 0}}, {Apart: []int64{0, 1_250_000, 1_250_000, 0}}},
		},
	}
	for _, f := range Formats() {
		switch f.Name {
		case "text", "md", "html", "json":
			text := maskText(writeRun(t, f, r))
			checkGolden(t, filepath.Join("generators", f.File), text)
			for _, words := range []string{"move-1", "3/4:1", "the disk is full"} {
				if !strings.Contains(text, words) {
					t.Errorf("%s does not say %q", f.Name, words)
				}
			}
			if f.Name == "text" {
				checkNarrow(t, text)
			}
		}
	}
}

// A proof says which generator made an operation, where there are several.
func TestProofNamesGenerators(t *testing.T) {
	e := check.Evidence{Operator: 16, Kind: history.Read}
	if who := proof.NameActor(&e); who != "operator 16" {
		t.Error(who)
	}
	e.Generator = "2"
	if who := proof.NameActor(&e); who != "operator 16 of generator 2" {
		t.Error(who)
	}
	e.Kind = history.Audit
	if who := proof.NameActor(&e); who != "audit of generator 2" {
		t.Error(who)
	}
}
