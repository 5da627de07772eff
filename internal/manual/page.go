package manual

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/settings"
)

const pageHead = `# Configuration

<!-- Made from the settings table: go test ./internal/manual -update -->

A setting has one name: ` + "`--rand-seed` as a flag, `OCCBENCH_RAND_SEED` in the environment, `rand_seed` in `occbench.yaml`" + `.
The order is flag > environment > file > default, and every source goes through the same parser. The file is the
one that ` + "`--config` names, or `occbench.yaml`" + ` of the working directory; an unknown key is an error.

` + "```sh" + `
occbench init               # an occbench.yaml with every key and its default
occbench config             # what is in force, and where each value came from
occbench config --schema    # the JSON schema for editors
` + "```" + `

Editors that know the YAML language server complete and check the file by its first line,
` + "`# yaml-language-server: $schema=…`" + `; the schema is [occbench.schema.json](occbench.schema.json). What it cannot say, that
` + "`rate` and `operators`" + ` exclude each other for instance, is checked when the file is read.
`

// Page returns docs/configuration.md.
func Page() string {
	var b strings.Builder
	b.WriteString(pageHead)
	group := ""
	for _, k := range settings.Keys() {
		if k.Group != group {
			group = k.Group
			fmt.Fprintf(&b, "\n## %s\n", group)
		}
		writeKey(&b, k)
	}
	writePolicy(&b)
	return b.String()
}

func writeKey(b *strings.Builder, k settings.Key) {
	fmt.Fprintf(b, "\n### %s\n\n%s.\n\n", k.Name, capitalize(k.Usage))
	preset := "no default, e.g. `" + k.Example + "`"
	if k.Default != "" {
		preset = "default `" + k.Default + "`"
	}
	fmt.Fprintf(b, "%s · %s · `--%s` · `$%s`\n", describeValues(k.Shape), preset, k.Flag, k.Env)
}

func writePolicy(b *strings.Builder) {
	fmt.Fprintf(b, `
## The policy

What a release must keep stands in the file alone, without a flag or a variable: it belongs under version control.

    confidence: %g
    tolerate: [OCC-11]
    gates:
      p95_ms: 250
      recovery: off

### confidence

One-sided confidence of every bound, from 0.5 to below 1 · default `+"`%g`"+`

### tolerate

A list of invariants whose anomalies are reported and fail nothing: %s; see [invariants.md](invariants.md) · nothing by default

### gates

A mapping of gates to their limits, or to `+"`off`"+`; see [verdict.md](verdict.md). The report says what was switched off.

| gate | limit | asks |
|---|---|---|
`, gate.Default().Confidence, gate.Default().Confidence, strings.Join(listInvariants(), ", "))
	for _, g := range gate.Rules() {
		limit := "–"
		if g.HasLimit() {
			limit = fmt.Sprintf("%g", g.Preset)
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", g.Name, limit, g.Question)
	}
}

// capitalize returns a text with a capital at its beginning; a text that
// begins with a placeholder is returned as it is.
func capitalize(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
