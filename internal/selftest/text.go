package selftest

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// WriteText writes the rows as a table and the sum of them as a sentence.
func WriteText(w io.Writer, rows []Row) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "API\tcase\texpected\tresult\talso found\toperations\t")
	for _, r := range rows {
		expected := r.Expected
		if expected == "" {
			expected = "nothing"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%d\t\n", r.API, r.Case, expected, r.Outcome(), strings.Join(r.Also, " "), r.Operations)
		if r.Reason != "" {
			fmt.Fprintf(t, "\t  %s\t\t\t\t\t\n", r.Reason)
		}
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("writing the self-test: %w", err)
	}
	if _, err := fmt.Fprintln(w, "\n"+summarizeRows(rows)); err != nil {
		return fmt.Errorf("writing the self-test: %w", err)
	}
	return nil
}

// summarizeRows returns one sentence about all rows.
func summarizeRows(rows []Row) string {
	n := map[Result]int{}
	for _, r := range rows {
		n[r.Result]++
	}
	text := fmt.Sprintf("%d faults found, no false alarm on %d correct servers", n[Found], n[Clean])
	for _, bad := range []Result{Missed, Accused, Untested} {
		if n[bad] > 0 {
			text += fmt.Sprintf(", %d %s", n[bad], bad)
		}
	}
	return text
}
