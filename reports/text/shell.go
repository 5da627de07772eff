package text

import (
	"cmp"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/proof"
	"github.com/occbench/occbench/reports/view"
)

// bundled is where `occbench serve` listens, for anomalies whose target is not known.
const bundled = "http://127.0.0.1:8080"

// FormatReplay returns the lines of a shell script that reproduces an anomaly,
// each at most so many columns wide. There are none when the API file of the
// run is not available.
func FormatReplay(r view.Run, f *check.Anomaly, columns int) []string {
	spec := run.Spec{}
	if r.Manifest != nil {
		spec = r.Manifest.Spec
	}
	speaks, err := spec.LoadAPI()
	if err != nil {
		return nil
	}
	if f.Opaque() && r.Script != "" {
		return []string{"sh " + r.Script} // the tokens of the run are gone
	}
	var lines []string
	for _, line := range proof.Curl(f, speaks, cmp.Or(spec.Target, bundled)) {
		lines = append(lines, continueLine(line, columns)...)
	}
	return lines
}

// continueLine breaks a line of a shell script into lines that mean the same. A
// comment is wrapped; a command is continued after a word or, where a word is
// too long, within its quotes: 'abc'\ and in the next line 'def' are one word.
func continueLine(line string, columns int) []string {
	if comment, ok := strings.CutPrefix(line, "# "); ok {
		lines := wrapText(comment, columns-2)
		for i := range lines {
			lines[i] = "# " + lines[i]
		}
		return lines
	}
	var lines []string
	current := ""
	for _, word := range shellWords(line) {
		switch {
		case current == "":
			current = word
		case twwidth.Width(current)+1+twwidth.Width(word)+2 <= columns:
			current += " " + word
		default:
			lines, current = append(lines, current+` \`), "  "+word
		}
		for twwidth.Width(current)+2 > columns {
			head, tail := cutQuoted(current, columns-2)
			if tail == "" {
				break
			}
			lines, current = append(lines, head), tail
		}
	}
	return append(lines, current)
}

// shellWords splits a command at the spaces outside single quotes.
func shellWords(line string) []string {
	var words []string
	quoted, from := false, 0
	for i, r := range line {
		switch {
		case r == '\'' && !strings.HasSuffix(line[:i], `\`) || r == '\'' && quoted:
			quoted = !quoted
		case r == ' ' && !quoted:
			words, from = append(words, line[from:i]), i+1
		}
	}
	return append(words, line[from:])
}

// cutQuoted cuts a command within single quotes so that its first line fits; the
// tail is empty when there are none in reach.
func cutQuoted(line string, columns int) (head, tail string) {
	quoted, escaped, used, at := false, false, 0, 0
	for i, r := range line {
		if used++; used > columns-1 {
			break
		}
		switch {
		case escaped:
			escaped = false
		case r == '\\' && !quoted:
			escaped = true
		case r == '\'':
			quoted = !quoted
		}
		if quoted && r != '\'' {
			at = i + len(string(r))
		}
	}
	if at == 0 {
		return line, ""
	}
	return line[:at] + `'\`, "'" + line[at:]
}
