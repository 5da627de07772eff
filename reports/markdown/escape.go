package markdown

import (
	"fmt"
	"strings"
)

// escapeText makes a text safe in Markdown: nothing in it is markup, HTML, a link or a
// mention. A target that answers "![x](http://evil/?c)" must not make the pull
// request load an image, and "@everyone" must not call people.
func escapeText(text string) string {
	var b strings.Builder
	digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
	for i, r := range text {
		switch {
		case i == 0 && r == '-', i > 0 && i == digits && r == '.': // a list
			fmt.Fprintf(&b, "&#%d;", r)
		case strings.ContainsRune("\\`*_{}[]<>()#+|~!&$^=\"'", r):
			fmt.Fprintf(&b, "&#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return unlinked.Replace(b.String())
}

// unlinked keeps GitHub from making links of what it finds in plain text, by a
// space of no width inside.
var unlinked = strings.NewReplacer("@", "&#64;&#8203;", "://", "&#58;&#8203;//", "www.", "www&#8203;.", "&#35;", "&#35;&#8203;")

// formatCode puts a text into a code span, where Markdown is silent. The fence is
// longer than any run of backticks inside, and a bar would end a table's cell.
func formatCode(text string) string {
	text = strings.ReplaceAll(text, "|", "¦")
	if text == "" {
		return ""
	}
	fence := strings.Repeat("`", longestRun(text, '`')+1)
	return fence + " " + text + " " + fence
}

// codeBlock puts lines into a fenced block.
func codeBlock(language string, lines []string) string {
	run := 2
	for _, line := range lines {
		run = max(run, longestRun(line, '`'))
	}
	fence := strings.Repeat("`", run+1)
	return fence + language + "\n" + strings.Join(lines, "\n") + "\n" + fence + "\n"
}

func longestRun(text string, of rune) int {
	longest, run := 0, 0
	for _, r := range text {
		if r != of {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
