package reports

import (
	"testing"

	"github.com/joshdk/go-junit"

	"github.com/occbench/occbench/reports/machine"
)

// A parser that others read reports with finds every gate and invariant, with
// what came of it.
func TestJUnitIsReadByAParser(t *testing.T) {
	for name, run := range listAllRuns(t) {
		t.Run(name, func(t *testing.T) {
			suites, err := junit.Ingest([]byte(writeRun(t, Format{Write: machine.JUnit}, run)))
			if err != nil {
				t.Fatal(err)
			}
			found := map[string]junit.Status{}
			for _, s := range suites {
				for _, one := range s.Tests {
					found[one.Name] = one.Status
				}
			}
			for _, g := range run.Verdict.Gates {
				status, there := found[g.Name]
				if passed := status == junit.StatusPassed; !there || passed != (g.Verdict == "PASS") {
					t.Errorf("gate %s, %s: found %v as %q among %v", g.Name, g.Verdict, there, status, found)
				}
			}
		})
	}
}
