package live

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/goldentest"
)

func newFloat(v float64) *float64 { return &v }

func listGates(decided bool) []Gate {
	all := []Gate{
		{Gate: gate.Gate{Name: gate.ErrorRate, Estimate: newFloat(0), Lower: newFloat(0), Upper: newFloat(0.0032), N: 912, Limit: 0.01}},
		{Gate: gate.Gate{Name: gate.P95, Estimate: newFloat(12.3), Lower: newFloat(10.9), N: 912, Limit: 400}},
		{Gate: gate.Gate{Name: gate.ConflictRate, Estimate: newFloat(0.042), Lower: newFloat(0.031), Upper: newFloat(0.056), N: 912, Limit: 0.1}},
		{Gate: gate.Gate{Name: gate.Recovery, Estimate: newFloat(1), N: 38, Limit: 1}},
		{Gate: gate.Gate{Name: gate.AnomalyCount}},
	}
	all[0].Decided = gate.Pass
	if decided {
		for i := range all {
			all[i].Decided = gate.Pass
		}
		all[1].Decided, all[4].Decided = gate.Inconclusive, gate.Fail
		all[4].Estimate, all[4].N = newFloat(12), 1900
		all = append(all, Gate{Gate: gate.Gate{Name: gate.Telemetry, Estimate: newFloat(912), N: 912, Limit: 912}, Decided: gate.Pass},
			Gate{Gate: gate.Gate{Name: gate.Alarms, Estimate: newFloat(0), N: 3}, Decided: gate.Pass})
	}
	return all
}

func listShots() map[string]Snapshot {
	running := Snapshot{Early: true,
		Stage: Load, Target: "http://127.0.0.1:8080", Elapsed: 23400 * time.Millisecond, Total: time.Minute, Warmup: 2 * time.Second,
		Attempts: 912, WarmAttempts: 80, PerSecond: 42.6, Conflicts: 38, Decided: 912, Expected: newFloat(0.041), P95MS: newFloat(12.3), Looked: true, Gates: listGates(false),
	}
	warm := running
	warm.Elapsed, warm.Attempts, warm.PerSecond, warm.Conflicts, warm.Decided, warm.P95MS, warm.Looked = time.Second, 0, 0, 0, 0, nil, false
	warm.Gates = []Gate{{Gate: gate.Gate{Name: gate.ErrorRate, Limit: 0.01}}, {Gate: gate.Gate{Name: gate.Recovery}}, {Gate: gate.Gate{Name: gate.AnomalyCount}}}
	broken := running
	broken.Errors, broken.P95MS, broken.Unanswered, broken.Expected = 61, nil, true, nil
	broken.Anomalies = []Anomaly{{"OCC-01", "lost update", 12}, {"OCC-08", "version regression", 1}}
	broken.Ending = "an anomaly is proven: OCC-01, \x1b[2J two operators both moved version 4"
	over := running
	over.Stage, over.Elapsed, over.Gates, over.Replayed = Ready, 63*time.Second, listGates(true), &Replay{Attempts: 912, Refused: 38, Correct: 38}
	fixed := running
	fixed.Early, fixed.Gates = false, listGates(false)
	fixed.Gates[0].Verdict, fixed.Gates[3].Verdict = gate.Pass, gate.Pass
	fixed.Gates[0].Decided = ""
	several := running
	several.Generators = 4
	lost := running
	lost.Broken = "the recording cannot be followed"
	return map[string]Snapshot{
		"begin": {}, "probe": {Stage: Probe, Target: "http://127.0.0.1:8080"}, "warm": warm, "running": running, "broken": broken, "over": over, "lost": lost, "fixed": fixed, "several": several,
	}
}

func TestView(t *testing.T) {
	styles := map[string]Style{
		"wide": {Width: 140, Height: 40}, "narrow": {Width: 44, Height: 40}, "low": {Width: 100, Height: 8}, "color": {Width: 79, Height: 24, Color: true},
	}
	for shot, s := range listShots() {
		for style, as := range styles {
			if style == "color" && shot != "running" && shot != "broken" {
				continue
			}
			t.Run(shot+" "+style, func(t *testing.T) {
				lines := DrawView(s, as)
				goldentest.CompareFile(t, filepath.Join("testdata", shot+"-"+style+".txt"), strings.ReplaceAll(strings.Join(lines, "\n")+"\n", "\x1b", "^["))
				for _, line := range lines {
					if countCells(line) > as.Width {
						t.Errorf("%d cells in %d: %q", countCells(line), as.Width, line)
					}
				}
				if len(lines) >= as.Height {
					t.Errorf("%d lines in a terminal of %d", len(lines), as.Height)
				}
			})
		}
	}
}

// However small the terminal, no line is wider than it.
func TestViewFitsEveryTerminal(t *testing.T) {
	for name, s := range listShots() {
		for width := 1; width < 120; width++ {
			for _, line := range DrawView(s, Style{Width: width, Height: 30, Color: width%2 == 0}) {
				if countCells(line) > width {
					t.Fatalf("%s at %d: %d cells, %q", name, width, countCells(line), line)
				}
			}
		}
	}
}

// No frame holds a sequence of the target's: only colours are allowed.
func TestViewIsPrintable(t *testing.T) {
	for name, s := range listShots() {
		for _, line := range append(DrawView(s, Style{Width: 200, Height: 40}), FormatLine(s)) {
			if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' }) {
				t.Errorf("%s: %q", name, line)
			}
		}
	}
}
