package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/clocks"
	"github.com/occbench/occbench/internal/generator"
	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/run"
)

// GeneratorColumns returns the titles of the columns that GeneratorRows fills.
func GeneratorColumns(r Run) []string {
	return []string{"generator", "state", "operations", r.Words.Updates(), "conflicts", "p95", "dropped", "late by", "stalled"}
}

// GeneratorRows says what each generator did, in the order of GeneratorColumns; nil where
// the run has one.
func GeneratorRows(r Run) [][]string {
	var rows [][]string
	for i := range r.Generators.List {
		g := &r.Generators.List[i]
		if g.Lost {
			rows = append(rows, []string{"segment " + g.Segment, "missing", "–", "–", "–", "–", "–", "–", "–"})
			continue
		}
		p, late, stalled := findPart(r.Numbers, g.Name), "unknown", "unknown"
		if s := p.Stalls; s != nil {
			late, stalled = amount.Milliseconds(s.LateMS), "never"
			if s.Count > 0 {
				stalled = amount.Seconds(s.TotalS)
			}
		}
		rows = append(rows, []string{
			ShortenText(g.Name, 40), describeState(g), amount.Count(int(p.Operations)), amount.Count(p.Attempts), amount.Count(p.Conflicts),
			amount.MillisecondsIfAny(p.P95MS), amount.Count(int(g.DroppedIterations)), late, stalled,
		})
	}
	return rows
}

func findPart(n *measure.Numbers, name string) measure.Part {
	if n == nil {
		return measure.Part{}
	}
	i := slices.IndexFunc(n.Generators, func(p measure.Part) bool { return p.Generator == name })
	if i < 0 {
		return measure.Part{}
	}
	return n.Generators[i]
}

func describeState(g *generator.Manifest) string {
	if g.State == run.Running {
		return "killed"
	}
	return string(g.State)
}

// GeneratorNotes say how the rows are read together, and how closely the clocks are known;
// nil where the run has one generator.
func GeneratorNotes(r Run) []string {
	if len(r.Generators.List) == 0 {
		return nil
	}
	notes := []string{"All numbers of this report are of all operations together; no quantile is a mean of these rows."}
	for i := range r.Generators.List {
		g := &r.Generators.List[i]
		if g.Reason != "" {
			notes = append(notes, fmt.Sprintf("Generator %s: %s.", ShortenText(g.Name, 40),
				strings.TrimSuffix(ShortenText(g.Reason, Longest), ".")))
		}
		if g.HistoryDropped > 0 {
			notes = append(notes, fmt.Sprintf("Generator %s did not record %s.", ShortenText(g.Name, 40),
				amount.Plural(int(g.HistoryDropped), "operation", "operations")))
		}
	}
	if b := r.Generators.Clocks; b != nil && len(b.Windows) > 0 {
		notes = append(notes, describeClocks(b.Sum()))
	}
	return notes
}

// describeClocks says how precisely the clocks of the generators are known.
func describeClocks(s clocks.Summary) string {
	if s.Largest == clocks.Unknown {
		return "How far the clocks of all generators are apart is not known: some saw nothing of what others did."
	}
	return fmt.Sprintf("The clocks of the generators are known to ±%s in the median and ±%s at worst, "+
		"from what they saw of each other's updates; operations of different generators that are closer than that are in no order, and "+
		"nothing is held against the server for it.",
		amount.Milliseconds(float64(s.Median)/1e6), amount.Milliseconds(float64(s.Largest)/1e6))
}
