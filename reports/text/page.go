package text

import (
	"cmp"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// Width is how many columns a text is wide where no terminal says otherwise.
const Width = 100

// Style is how a text looks where it is read.
type Style struct {
	Columns int  // 0: Width
	Color   bool // of the verdict; it says nothing that the words do not
}

// Plain is the style of files and of pipes.
var Plain = Style{}

// page is a text that is being written, so many columns wide.
type page struct {
	strings.Builder
	columns int
}

func (s Style) newPage() *page { return &page{columns: s.columns()} }

func (s Style) columns() int { return cmp.Or(s.Columns, Width) }

// writeLabelled writes a label and a text beside it. The text is wrapped, and
// its lines stand below each other.
func (p *page) writeLabelled(label, text string) {
	indent := strings.Repeat(" ", twwidth.Width(label))
	for i, line := range wrapText(text, p.columns-twwidth.Width(label)) {
		if i > 0 {
			label = indent
		}
		p.WriteString(strings.TrimRight(label+line, " ") + "\n")
	}
}

// writeIndented writes lines with an indent of four columns.
func (p *page) writeIndented(lines []string) {
	for _, line := range lines {
		p.WriteString(strings.TrimRight("    "+line, " ") + "\n")
	}
}
