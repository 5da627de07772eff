package reports

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/reason"
	basis "github.com/occbench/occbench/internal/validity"
	"github.com/occbench/occbench/reports/machine"
	"github.com/occbench/occbench/reports/text"
	"github.com/occbench/occbench/reports/view"
)

func TestTextOfContentionAndValidity(t *testing.T) {
	few := &basis.Contention{Predicted: 0.231, Observed: 0.02, Lower: 0.226, Upper: 0.235, Attempts: 412,
		Hottest: basis.Record{Record: "19", Attempts: 88, Predicted: 0.636, Observed: 0.1}, Agreement: "too few conflicts",
		Causes: []reason.Reason{reason.New("stale_applied")}, Skipped: 3,
		Exact: basis.Bounds{Lower: 0.01, Upper: 0.03}, Block: &basis.Bounds{Lower: 0.001, Upper: 0.09}}
	alike := *few
	alike.Agreement, alike.Causes, alike.Skipped, alike.Block = "agrees", nil, 0, &basis.Bounds{Lower: 0.011, Upper: 0.03}
	late := []basis.Line{{Name: "timers", State: basis.Warning, Why: reason.FromText("50 ms late")}, {Name: "clock", State: basis.OK, Why: reason.FromText("was not set")}}
	cases := []struct {
		name    string
		run     view.Run
		want    []string
		without []string
	}{
		{"nothing was compared", view.Run{}, nil, []string{"predicted and observed", "What the numbers rest on"}},
		{"too few", newContentionRun(few, nil), []string{"a correct server refuses 95 of these 412 attempts (93 to 97); this one refused 8 (too few", "hottest record 19, 88 attempts",
			"likely causes: the server lets stale updates", "3 attempts on further records are not compared", "bootstrap over the records the observed rate lies between 0.1 %"}, nil},
		{"as it should be", newContentionRun(&alike, nil), []string{"this one refused 8 (agrees)"}, []string{"likely causes", "further records", "bootstrap"}},
		{"validity", newContentionRun(nil, late), []string{"What the numbers rest on", "  ! timers         50 ms late\n", "    clock          was not set\n"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			if err := text.Plain.Report(&b, c.run); err != nil {
				t.Fatal(err)
			}
			flat := strings.Join(strings.Fields(b.String()), " ")
			for _, w := range c.want {
				if !strings.Contains(b.String(), w) && !strings.Contains(flat, w) {
					t.Errorf("%q is not in\n%s", w, &b)
				}
			}
			for _, w := range c.without {
				if strings.Contains(flat, w) {
					t.Errorf("%q is in\n%s", w, &b)
				}
			}
			for line := range strings.Lines(b.String()) {
				if len([]rune(strings.TrimRight(line, "\n"))) > text.Width {
					t.Errorf("wider than %d: %s", text.Width, line)
				}
			}
		})
	}
}

// What a script reads has these names, and no other place.
func TestJSONOfContention(t *testing.T) {
	c := basis.Contention{Predicted: 0.26, Observed: 0.25, Lower: 0.24, Upper: 0.27, Hottest: basis.Record{Record: "7", Predicted: 0.6, Observed: 0.5}}
	var got struct {
		Contention map[string]any `json:"contention"`
	}
	if err := json.Unmarshal([]byte(writeRun(t, Format{Write: machine.JSON}, newContentionRun(&c, nil))), &got); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]float64{"predicted": 0.26, "observed": 0.25, "lower": 0.24, "upper": 0.27} {
		if got.Contention[key] != want {
			t.Errorf("contention.%s is %v, want %v", key, got.Contention[key], want)
		}
	}
	hottest, _ := got.Contention["hottest"].(map[string]any)
	if hottest["record"] != "7" || hottest["predicted"] != 0.6 || hottest["observed"] != 0.5 {
		t.Errorf("contention.hottest is %v", hottest)
	}
}

// Every format tells how the conflicts compare with those of a correct server.
func TestEveryFormatComparesConflicts(t *testing.T) {
	run := newRuns(t)["pass"]
	for _, f := range Formats() {
		text := writeRun(t, f, run)
		if !strings.Contains(text, "4.1 %") && !strings.Contains(text, "0.041") && !strings.Contains(text, "refuses 39 of these 958 attempts") {
			t.Errorf("%s does not tell that 4.1 %% conflicts are predicted", f.Name)
		}
	}
}

func newContentionRun(c *basis.Contention, lines []basis.Line) view.Run {
	var run view.Run
	run.Verdict.Contention, run.Verdict.Validity = c, lines
	return run
}
