package manual

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/settings"
)

// width of a comment, in characters.
const width = 100

// Sample returns an occbench.yaml with every key commented out. A line that
// begins with # and a key is a setting and shows its default, or an example
// where there is none; a line that begins with # and a blank is prose.
func Sample() string {
	var b strings.Builder
	b.WriteString("# yaml-language-server: $schema=" + schemaURL + "\n#\n")
	writeProse(
		&b,
		"Settings of occbench. A line shows the default, or an example where it says so; take its # away to change it. A flag wins over "+
			"the environment variable in parentheses, which wins over this file. `occbench config` shows what is in force and where it "+
			"came from.",
	)
	group := ""
	for _, k := range settings.Keys() {
		if k.Group != group {
			group = k.Group
			fmt.Fprintf(&b, "\n# %s\n# %s\n", group, strings.Repeat("-", len(group)))
		}
		sampleKey(&b, k)
	}
	samplePolicy(&b)
	return b.String()
}

func sampleKey(b *strings.Builder, k settings.Key) {
	b.WriteString("\n")
	value, note := k.Default, ""
	if value == "" {
		value, note = k.Example, "; no default, an example:"
	}
	writeProse(b, fmt.Sprintf("%s ($%s)%s", describeKey(k), k.Env, note))
	fmt.Fprintf(b, "#%s: %s\n", k.Name, value)
}

// samplePolicy shows the keys that have no flag: a policy belongs under version
// control.
func samplePolicy(b *strings.Builder) {
	b.WriteString("\n# The policy\n# ----------\n\n")
	writeProse(b, "one-sided confidence of every bound, from 0.5 to below 1")
	fmt.Fprintf(b, "#confidence: %g\n\n", gate.Default().Confidence)
	writeProse(b, "anomalies that are reported and fail nothing; no default, an example:")
	b.WriteString("#tolerate: [OCC-11]\n\n")
	writeProse(b, "a gate maps to its limit, or to `off`; the report says what was switched off. "+
		"Without a limit it can only be switched off.")
	b.WriteString("#gates:\n")
	for _, g := range gate.Rules() {
		b.WriteString("\n")
		note := ""
		if !g.HasLimit() {
			note = "; no limit, an example:"
		}
		writeProse(b, g.Question+note)
		if g.HasLimit() {
			fmt.Fprintf(b, "#  %s: %g\n", g.Name, g.Preset)
		} else {
			fmt.Fprintf(b, "#  %s: off\n", g.Name)
		}
	}
}

// writeProse writes a text as a comment, wrapped between words.
func writeProse(b *strings.Builder, text string) {
	line := "#"
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > width && line != "#" {
			b.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
}
