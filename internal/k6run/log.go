package k6run

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/occbench/occbench/internal/run"
)

// log is k6's stderr on its way to k6.log: each line is freed of secrets,
// written, and looked through for errors. It is read as it passes by, not
// afterwards, because a full disk is one of the things k6 complains about.
type log struct {
	mu       sync.Mutex
	file     *os.File
	fileErr  error // the first; later lines are still looked through
	redact   *strings.Replacer
	partial  []byte
	errors   int      // script errors: lines of an executor at level error
	messages []string // the first distinct errors, of any source
	history  string   // why the history is not whole, as the extension says; empty: it is
}

// The log remembers so many distinct messages and joins so much of one line;
// a scenario that throws in every iteration must not fill the memory.
const (
	maxMessages = 20
	maxLine     = 64 << 10
)

func openLog(path string, secrets []string) (*log, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("creating k6's log: %w", err)
	}
	var pairs []string
	for _, secret := range secrets {
		pairs = append(pairs, secret, "xxxxx")
	}
	return &log{file: file, redact: strings.NewReplacer(pairs...)}, nil
}

// Write never fails: an error would close the pipe and with it end k6.
func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(p)
	for {
		line, rest, found := bytes.Cut(p, []byte("\n"))
		if !found {
			break
		}
		l.takeLine(append(l.partial, line...))
		l.partial = l.partial[:0]
		p = rest
	}
	if l.partial = append(l.partial, p...); len(l.partial) > maxLine {
		l.takeLine(l.partial)
		l.partial = l.partial[:0]
	}
	return n, nil
}

// newPlainWriter returns the writer for k6's stdout, which is logged without
// looking for errors.
func (l *log) newPlainWriter() *plainLog { return &plainLog{l} }

type plainLog struct{ log *log }

func (p *plainLog) Write(b []byte) (int, error) {
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	p.log.write(p.log.redact.Replace(string(b)))
	return len(b), nil
}

// close takes what is left; after it the log can be judged.
func (l *log) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.partial) > 0 {
		l.takeLine(l.partial)
		l.partial = nil
	}
	if err := l.file.Close(); l.fileErr == nil {
		l.fileErr = err
	}
}

func (l *log) takeLine(raw []byte) {
	line := l.redact.Replace(string(raw))
	l.write(line + "\n")
	message, fields, isError := parseError(line)
	if !isError || strings.HasPrefix(message, thresholdsCrossed) {
		return
	}
	if strings.Contains(fields, "executor=") {
		l.errors++
	}
	if strings.Contains(fields, run.LogHistory+"=") && l.history == "" {
		l.history = message
	}
	if len(l.messages) < maxMessages && !slices.Contains(l.messages, message) {
		l.messages = append(l.messages, message)
	}
}

func (l *log) write(s string) {
	if _, err := l.file.WriteString(s); err != nil && l.fileErr == nil {
		l.fileErr = err
	}
}

// thresholdsCrossed begins what k6 calls an error and is none: its thresholds
// are estimates, and exit code 99 tells of them too.
const thresholdsCrossed = "thresholds on metrics"

// parseError takes the message and the fields after it out of a line such as
// `time="…" level=error msg="Error: boom\n\tat default" executor=constant-vus`.
func parseError(line string) (message, fields string, ok bool) {
	_, rest, found := strings.Cut(line, "level=error msg=")
	if !found {
		return "", "", false
	}
	quoted, err := strconv.QuotedPrefix(rest)
	if err != nil { // one word needs no quotes
		message, fields, _ = strings.Cut(rest, " ")
		return message, fields, true
	}
	message, err = strconv.Unquote(quoted)
	if err != nil {
		message = quoted
	}
	return joinLines(message), rest[len(quoted):], true
}

// joinLines returns a message with a call stack on one line: its first line
// and the place where it happened.
func joinLines(message string) string {
	first, rest, _ := strings.Cut(strings.TrimSpace(message), "\n")
	first = strings.TrimPrefix(first, "GoError: ")
	where, _, _ := strings.Cut(strings.TrimSpace(rest), "\n")
	// Where in the binary an error of the extension came from is of no help.
	if where = strings.TrimSpace(where); where == "" || strings.HasSuffix(where, "(native)") {
		return first
	}
	return first + " " + where
}
