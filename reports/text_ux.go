package reports

import "strings"

// textUX shows what people in browsers met.
func textUX(b *strings.Builder, run Run) error {
	facts := browsers(run)
	if len(facts) == 0 {
		return nil
	}
	b.WriteString("\nIn the browser\n")
	for _, f := range facts {
		hang(b, "  ", f.Name+": "+f.Value)
	}
	if paths := screenPaths(run); len(paths) > 0 {
		hang(b, "  ", "the first conflict on the screen: "+strings.Join(paths, ", "))
	}
	return nil
}
