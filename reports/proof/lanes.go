package proof

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/occbench/occbench/internal/check"
)

// DrawLanes draws the operations of a finding as text: one lane for each operator,
// time to the right, a bar from the request (├) to the answer (┤), or to the
// edge (╌) where there was none. The space between two instants has a fixed
// width, because a proof rests on their order and a record may have slept for a
// minute in between; the last line tells the instants from the first one.
// Operations that were merely considered end with "(considered)".
//
// Where a line would be wider than so many columns, the bars are numbered and the words
// stand below the picture. Each line ends with \n; a finding without operations draws
// nothing.
func DrawLanes(f *check.Anomaly, columns int) string {
	if len(f.Operations) == 0 {
		return ""
	}
	picture := drawOperations(f, func(e *check.Evidence) string { return formatCaption(e) })
	for line := range strings.Lines(picture) {
		if twwidth.Width(strings.TrimSuffix(line, "\n")) > columns {
			return drawNumbered(f)
		}
	}
	return picture
}

// drawNumbered draws the operations with their words below them.
func drawNumbered(f *check.Anomaly) string {
	var words strings.Builder
	n := 0
	picture := drawOperations(f, func(e *check.Evidence) string {
		n++
		fmt.Fprintf(&words, "%d  %s\n", n, formatCaption(e))
		return strconv.Itoa(n)
	})
	return picture + words.String()
}

// drawOperations draws the operations, each with a caption behind its bar.
func drawOperations(f *check.Anomaly, captionOf func(*check.Evidence) string) string {
	t := newTimeline(f.Operations)
	var b strings.Builder
	for _, name := range listLanes(f.Operations) {
		title := name
		for i := range f.Operations {
			if e := &f.Operations[i]; NameActor(e) == name {
				fmt.Fprintf(&b, "%-*s  %s  %s\n", t.margin, title, t.drawBar(e), captionOf(e))
				title = ""
			}
		}
	}
	fmt.Fprintf(&b, "%-*s  %s\n", t.margin, t.unit.name, t.drawScale())
	return b.String()
}

func formatCaption(e *check.Evidence) string {
	text := formatLabel(e)
	if e.Line > 0 {
		text += fmt.Sprintf("  (line %d)", e.Line)
	}
	if e.Considered {
		text += " (considered)"
	}
	return text
}

// listLanes returns the names of the lanes in the order of their first operations.
func listLanes(ops []check.Evidence) (names []string) {
	for i := range ops {
		if name := NameActor(&ops[i]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// timeline gives each instant of a proof a column.
type timeline struct {
	margin int // width of the lanes' names
	at     []int64
	unit   unit
	marks  []string // the instants from the first, in that unit
	column []int
	width  int
}

func newTimeline(ops []check.Evidence) timeline {
	t := timeline{}
	for i := range ops {
		t.margin = max(t.margin, len(NameActor(&ops[i])))
		t.at = append(t.at, ops[i].Start)
		if ops[i].End >= ops[i].Start {
			t.at = append(t.at, ops[i].End)
		}
	}
	slices.Sort(t.at)
	t.at = slices.Compact(t.at)
	t.unit = chooseUnit(t.at[len(t.at)-1] - t.at[0])
	t.marks = t.unit.formatInstants(t.at)
	for range t.at {
		t.column = append(t.column, t.width)
		t.width += max(4, len(t.marks[len(t.column)-1])+1)
	}
	return t
}

// unit is the unit of the instants of a picture.
type unit struct {
	name string
	ns   int64
}

// chooseUnit returns the unit in which a span is a short number.
func chooseUnit(span int64) unit {
	switch {
	case span < 10_000:
		return unit{"ns", 1}
	case span < 1_000_000:
		return unit{"µs", 1_000}
	}
	return unit{"ms", 1_000_000}
}

// FormatInstants writes ascending times as distances from the first; the last
// one has the unit.
func FormatInstants(at []int64) []string {
	u := chooseUnit(at[len(at)-1] - at[0])
	texts := u.formatInstants(at)
	texts[len(texts)-1] += " " + u.name
	return texts
}

// formatInstants writes times as distances from the first, with the fewest
// decimals that tell each from the one before, at most 3.
func (u unit) formatInstants(at []int64) []string {
	texts := make([]string, len(at))
	for decimals := 0; ; decimals++ {
		told := true
		for i := range at {
			texts[i] = strconv.FormatFloat(float64(at[i]-at[0])/float64(u.ns), 'f', decimals, 64)
			told = told && (i == 0 || texts[i] != texts[i-1])
		}
		if told || decimals == 3 {
			break
		}
	}
	texts[0] = "0"
	return texts
}

func (t *timeline) findColumn(at int64) int {
	i, _ := slices.BinarySearchFunc(t.at, at, func(a, b int64) int { return cmp.Compare(a, b) })
	return t.column[i]
}

func (t *timeline) drawBar(e *check.Evidence) string {
	from := t.findColumn(e.Start)
	bar := strings.Repeat(" ", from)
	if e.End < e.Start {
		return bar + "├" + strings.Repeat("╌", t.width-from-1)
	}
	to := t.findColumn(e.End)
	if to == from {
		bar += "│"
	} else {
		bar += "├" + strings.Repeat("─", to-from-1) + "┤"
	}
	return bar + strings.Repeat(" ", t.width-utf8.RuneCountInString(bar))
}

func (t *timeline) drawScale() string {
	var b strings.Builder
	for i, mark := range t.marks {
		b.WriteString(strings.Repeat(" ", t.column[i]-b.Len()))
		b.WriteString(mark)
	}
	return b.String()
}
