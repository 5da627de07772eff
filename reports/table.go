package reports

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/olekukonko/tablewriter"
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
func (t table) write(b *strings.Builder) error {
	var drawn bytes.Buffer
	columns := make([]tw.Align, len(t.align))
	for i, side := range t.align {
		columns[i] = tw.AlignLeft
		if side == 'r' {
			columns[i] = tw.AlignRight
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
		tablewriter.WithAlignment(columns),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: columns}),
	)
	w.Header(t.header)
	if err := w.Bulk(t.rows); err != nil {
		return fmt.Errorf("drawing a table: %w", err)
	}
	if err := w.Render(); err != nil {
		return fmt.Errorf("drawing a table: %w", err)
	}
	for line := range strings.Lines(drawn.String()) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return nil
}
