package fault

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/goldentest"
)

const (
	tableBegin = "<!-- faults: written by go test ./reference-server/fault -update -->\n"
	tableEnd   = "<!-- end of faults -->\n"
)

// TestPages holds the tables of faults on the pages to the faults.
func TestPages(t *testing.T) {
	goldentest.ComparePart(t, "../../docs/reference-server.md", tableBegin, tableEnd, faultTable())
	goldentest.ComparePart(t, "../../docs/invariants.md", tableBegin, tableEnd, etagTable())
}

// etagTable returns one row a fault of the items with ETags that breaks something.
func etagTable() string {
	var b strings.Builder
	b.WriteString("| fault of the items with ETags | found first, or the line of the probe |\n|---|---|\n")
	for _, f := range List("etag") {
		if place := placeOf(f); place != noPlace {
			fmt.Fprintf(&b, "| %s | %s |\n", f.Name, place)
		}
	}
	return b.String()
}

// faultTable returns one row a fault.
func faultTable() string {
	var b strings.Builder
	b.WriteString("| fault | " + strings.Join(APIs(), " | ") + " | what the server does |\n|---|" + strings.Repeat("---|", len(APIs())) + "---|\n")
	for _, name := range Names() {
		written, sentence := name, ""
		var shows []string
		for _, api := range APIs() {
			there := List(api)
			i := slices.IndexFunc(there, func(f Fault) bool { return f.Name == name })
			if i < 0 {
				shows = append(shows, "–")
				continue
			}
			f := there[i]
			if f.Argument != "" {
				written = name + "=" + f.Argument
			}
			shows = append(shows, placeOf(f))
			if sentence == "" {
				sentence = f.Sentence
			} else if sentence != f.Sentence {
				sentence += "; " + api + ": " + f.Sentence
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", written, strings.Join(shows, " | "), sentence)
	}
	return b.String()
}

// placeOf returns where a fault shows, in Markdown.
func placeOf(f Fault) string {
	if f.Question != "" {
		return "`" + f.Question + "`"
	}
	return cmp.Or(f.Invariant, noPlace)
}

// noPlace says that a fault breaks nothing.
const noPlace = "none"
