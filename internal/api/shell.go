package api

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/shell"
)

// TokenCommand and StateCommand return a command for a POSIX shell that prints the
// token, or the state, of an answer to the read whose header and body stand in the named
// files; ok is false where curl and jq cannot find it. A state that the read does not
// show has the command of no state: "".
func (rd *Read) TokenCommand(header, body string) (command string, ok bool) {
	return rd.token.command(header, body)
}

// StateCommand is described at TokenCommand.
func (rd *Read) StateCommand(header, body string) (command string, ok bool) {
	if len(rd.state) == 0 {
		return "", true
	}
	return rd.state.command(header, body)
}

// command finds the first place that is there.
func (f field) command(header, body string) (string, bool) {
	var programs []string
	for i := range f {
		p := &f[i]
		if p.header != "" && len(f) == 1 {
			return fmt.Sprintf(
				`grep -i '^%s:' %s | tail -n 1 | cut -d : -f 2- | sed 's/^ *//' | tr -d '\r'`,
				strings.ToLower(p.header),
				header,
			), true
		}
		program, ok := p.jq()
		if !ok {
			return "", false
		}
		programs = append(programs, program)
	}
	if len(programs) == 1 && f[0].readsText() {
		return fmt.Sprintf("jq -Rrs %s %s", shell.Quote(programs[0]), body), true
	}
	for i := range f {
		if f[i].readsText() {
			return "", false
		}
	}
	return fmt.Sprintf("jq -r %s %s", shell.Quote(strings.Join(programs, " // ")), body), len(programs) > 0
}

// readsText reports whether the place stands in a body that is no JSON.
func (p *place) readsText() bool {
	if p.from != nil {
		return p.from.readsText()
	}
	return p.text != nil
}

// jq returns the place as a program of jq.
func (p *place) jq() (program string, ok bool) {
	segments := splitSegments(p.source)
	for i, segment := range segments {
		step, ok := formatJQStep(segment)
		if !ok || p.parts != nil {
			return "", false
		}
		if i > 0 && isPath(segment) {
			step = "fromjson | " + step
		}
		if i > 0 {
			program += " | "
		}
		program += step
	}
	return program, true
}

func formatJQStep(segment string) (program string, ok bool) {
	switch {
	case segment == "base64":
		return "@base64d", true
	case strings.HasPrefix(segment, "re:"):
		re, err := compilePattern(segment)
		if err != nil {
			return "", false
		}
		return "match(" + quoteJQ(re.String()) + ").captures[0].string", true
	case isPath(segment):
		steps, err := parsePath(segment, false)
		if err != nil {
			return "", false
		}
		program = "."
		for _, s := range steps {
			if s.kind == byIndex {
				program += fmt.Sprintf("[%d]?", s.index)
			} else {
				program += "[" + quoteJQ(s.name) + "]?"
			}
		}
		return program, true
	}
	return "", false
}

// quoteJQ writes a text as jq does, which is as JSON does.
func quoteJQ(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		return `""` // no string fails to be written
	}
	return string(quoted)
}
