package text

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// table is rows under a header. The letters of align are l or r, a column each.
type table struct {
	header []string
	align  string
	rows   [][]string
}

// write draws the table with a line under its header and nothing else.
func (t table) write(b *page) error {
	text, _, err := t.draw()
	b.WriteString(text)
	return err
}

// writeFitting writes the table. When it is too wide, the given columns are
// left out one by one, the first of them first.
func (t table) writeFitting(b *page, spare ...int) error {
	for {
		text, columns, err := t.draw()
		if err != nil || columns <= b.columns || len(spare) == 0 {
			b.WriteString(text)
			return err
		}
		t, spare = t.without(spare[0]), spare[1:]
	}
}

// without returns the table without a column.
func (t table) without(column int) table {
	cut := table{header: slices.Delete(slices.Clone(t.header), column, column+1), align: t.align[:column] + t.align[column+1:]}
	for _, row := range t.rows {
		cut.rows = append(cut.rows, slices.Delete(slices.Clone(row), column, column+1))
	}
	return cut
}

// draw returns the table and how many columns of a terminal it is wide.
func (t table) draw() (text string, columns int, err error) {
	var drawn bytes.Buffer
	sides := make([]tw.Align, len(t.align))
	for i, side := range t.align {
		sides[i] = tw.AlignLeft
		if side == 'r' {
			sides[i] = tw.AlignRight
		}
	}
	w := tablewriter.NewTable(&drawn,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Symbols:  tw.NewSymbols(tw.StyleLight),
			Settings: tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.Lines{ShowHeaderLine: tw.On}},
		})),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithAlignment(sides),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: sides}),
	)
	w.Header(t.header)
	if err := w.Bulk(t.rows); err != nil {
		return "", 0, fmt.Errorf("drawing a table: %w", err)
	}
	if err := w.Render(); err != nil {
		return "", 0, fmt.Errorf("drawing a table: %w", err)
	}
	var b strings.Builder
	for line := range strings.Lines(drawn.String()) {
		line = strings.TrimRight(line, " \n")
		columns = max(columns, twwidth.Width(line))
		b.WriteString(line + "\n")
	}
	return b.String(), columns, nil
}
