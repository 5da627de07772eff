package reports

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/occbench/occbench/reports/text"
)

// A terminal of 80 columns and 24 rows shows the verdict, its reason and, of a FAIL by
// an anomaly, the proof.
func TestSummaries(t *testing.T) {
	for name, run := range newRuns(t) {
		for _, columns := range []int{60, 80, 120} {
			var b bytes.Buffer
			if err := (text.Style{Columns: columns}).Summary(&b, run); err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
			if len(lines) > text.MostSummary {
				t.Errorf("%s has %d lines at %d columns:\n%s", name, len(lines), columns, b.String())
			}
			if !strings.Contains(lines[0], string(run.Verdict.Verdict)) {
				t.Errorf("%s: the verdict is not in the first line:\n%s", name, b.String())
			}
			for _, line := range lines {
				if w := twwidth.Width(line); w > columns {
					t.Errorf("%s: %d of %d columns: %q", name, w, columns, line)
				}
				if columns >= 80 && strings.Contains(line, "├") && strings.HasSuffix(line, "…") {
					t.Errorf("%s: the proof is cut at %d columns: %q", name, columns, line)
				}
			}
			if columns == 80 {
				checkGolden(t, filepath.Join(name, "closing.txt"), b.String())
			}
		}
	}
}

// Colour is added to the verdict alone, and the words are the same without it.
func TestSummaryInColour(t *testing.T) {
	run := newRuns(t)["fail"]
	var plain, coloured bytes.Buffer
	if err := text.Plain.Summary(&plain, run); err != nil {
		t.Fatal(err)
	}
	if err := (text.Style{Color: true}).Summary(&coloured, run); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(coloured.String(), "\x1b[31;1m✗ FAIL\x1b[0") {
		t.Errorf("no red verdict in %q", coloured.String())
	}
	stripped := coloured.String()
	for strings.Contains(stripped, "\x1b[") {
		from := strings.Index(stripped, "\x1b[")
		stripped = stripped[:from] + stripped[from+strings.IndexByte(stripped[from:], 'm')+1:]
	}
	if stripped != plain.String() {
		t.Errorf("colour changes the words:\n%s", stripped)
	}
}
