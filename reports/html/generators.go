package html

import "github.com/occbench/occbench/reports/view"

// generatorTable has a row for each generator.
type generatorTable struct {
	Columns []string
	Rows    [][]string
	Notes   []string
}

// newGeneratorTable returns nil where the run has one generator.
func newGeneratorTable(run view.Run) *generatorTable {
	rows := view.GeneratorRows(run)
	if len(rows) == 0 {
		return nil
	}
	return &generatorTable{view.GeneratorColumns(run), rows, view.GeneratorNotes(run)}
}
