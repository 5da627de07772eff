package command

import (
	"bytes"
	"io"
	"regexp"
	"sync"
)

// What a log reader takes for a command. GitHub's runner takes ##[command]
// anywhere in a line, Azure's and TeamCity's ##vso[ and ##teamcity[, and GitHub's
// ::command:: after any white space. GitLab folds at section_start:TIME:NAME.
var (
	hashCommand   = regexp.MustCompile(`##([A-Za-z]*)\[`)
	colonCommand  = regexp.MustCompile(`^([\s\p{Z}\x{85}\x{feff}]*):(:+)`)
	sectionMarker = regexp.MustCompile(`section_(start|end):`)
)

// disarmLine returns a line in which no CI service finds a command: a blank stands
// within what it looks for. Carriage returns and escapes, which end or hide a
// line of a log, are replaced.
func disarmLine(line []byte) []byte {
	line = bytes.Map(func(r rune) rune {
		if r == '\r' || r == '\x1b' {
			return '?'
		}
		return r
	}, line)
	line = hashCommand.ReplaceAll(line, []byte("##$1 ["))
	line = colonCommand.ReplaceAll(line, []byte("$1: $2"))
	return sectionMarker.ReplaceAll(line, []byte("section_$1 :"))
}

// Guard is a writer that disarms each line. An unfinished line waits for its end
// or for Flush: half a command cannot be told from harmless text.
type Guard struct {
	mu      sync.Mutex
	Out     io.Writer
	partial []byte
}

func (g *Guard) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.partial = append(g.partial, p...)
	end := bytes.LastIndexByte(g.partial, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	var out []byte
	for line := range bytes.Lines(g.partial[:end]) {
		out = append(append(out, disarmLine(bytes.TrimSuffix(line, []byte("\n")))...), '\n')
	}
	g.partial = append(g.partial[:0], g.partial[end:]...)
	if _, err := g.Out.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush writes the line that has no end yet.
func (g *Guard) Flush() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.partial) > 0 {
		_, _ = g.Out.Write(disarmLine(g.partial)) // an outlet keeps its error
		g.partial = nil
	}
}

// annotations returns the writer for the commands that occbench itself gives to
// a CI service.
func (env Env) annotations() io.Writer {
	if g, ok := env.Stderr.(*Guard); ok {
		g.Flush()
		return g.Out
	}
	return env.Stderr
}
