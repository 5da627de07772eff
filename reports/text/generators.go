package text

import (
	"github.com/occbench/occbench/reports/view"
)

// writeGenerators writes what each of several generators did.
func writeGenerators(b *page, run view.Run) error {
	t := table{header: view.GeneratorColumns(run), align: "llrrrrrrr", rows: view.GeneratorRows(run)}
	if len(t.rows) == 0 {
		return nil
	}
	b.WriteString("\nGenerators\n")
	if err := t.writeFitting(b, 2, 6); err != nil {
		return err
	}
	for _, note := range view.GeneratorNotes(run) {
		b.writeLabelled("  ", note)
	}
	return nil
}
