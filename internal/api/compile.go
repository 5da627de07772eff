package api

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/occbench/occbench/internal/noun"
)

// format is the version of API files that this package reads.
const format = "1"

// Compile compiles the text of an API file. An error names file, line and
// column (*FileError), or says why the text is no YAML.
func Compile(file string, text []byte) (a *API, err error) {
	doc, err := parseYAML(file, text)
	if err != nil {
		return nil, err
	}
	l := &loader{file: file}
	defer func() {
		switch failed := recover().(type) {
		case nil:
		case *FileError:
			a, err = nil, failed
		default:
			panic(failed)
		}
	}()
	if len(doc.Content) == 0 {
		doc.Content = []*yaml.Node{{Kind: yaml.ScalarNode, Line: 1, Column: 1}}
	}
	return l.api(doc.Content[0]), nil
}

// parseYAML reads the one YAML document of a file.
func parseYAML(file string, text []byte) (doc yaml.Node, err error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&doc); err != nil && err != io.EOF {
		return doc, wrapYAMLError(file, err)
	}
	var second yaml.Node
	switch err := d.Decode(&second); {
	case err == nil:
		return doc, &FileError{File: file, Line: second.Line, Problem: "a second document begins here; a file holds one API"}
	case err != io.EOF:
		return doc, wrapYAMLError(file, err)
	}
	return doc, nil
}

var lineOfYAML = regexp.MustCompile(`^yaml: (?:line (\d+): )?((?:did not find|found|mapping values).*)`)

// wrapYAMLError returns an error of the YAML parser with file and line, as the other mistakes
// have them.
func wrapYAMLError(file string, err error) error {
	found := lineOfYAML.FindStringSubmatch(err.Error())
	if found == nil {
		return fmt.Errorf("reading API file %s: %w", file, err)
	}
	line, _ := strconv.Atoi(found[1]) // digits, or nothing
	if strings.HasPrefix(found[2], "did not find expected") {
		line++ // the parser counts from 0 where the scanner counts from 1
	}
	return &FileError{File: file, Line: line, Problem: "it is no YAML: " + found[2]}
}

func (l *loader) api(n *yaml.Node) *API {
	a := &API{Words: noun.Words{Record: "record", Update: "update", List: "list"}}
	version, token := "", ""
	var s sections
	keep := func(at **yaml.Node) func(*yaml.Node) { return func(n *yaml.Node) { *at = n } }
	l.names = anyCall
	l.object(n, keys{
		"api":     func(n *yaml.Node) { version = l.text(n) },
		"name":    func(n *yaml.Node) { a.Name = l.text(n) },
		"words":   func(n *yaml.Node) { l.words(n, &a.Words) },
		"headers": func(n *yaml.Node) { a.Headers = l.headers(n) },
		"auth":    func(n *yaml.Node) { a.Auth = l.auth(n) },
		"metrics": func(n *yaml.Node) { a.Metrics = l.metrics(n) },
		"build":   func(n *yaml.Node) { a.Build = l.header(n) },
		"trace":   func(n *yaml.Node) { a.Trace = l.header(n) },
		"extra": func(n *yaml.Node) {
			l.each(n, func(key, value *yaml.Node) { a.Extra = append(a.Extra, l.extra(key.Value, value)) })
		},
		"states": func(n *yaml.Node) { a.States = l.states(n) },
		"token":  func(n *yaml.Node) { token = l.kind(n) },
		"health": keep(&s.health), "list": keep(&s.list), "read": keep(&s.read), "update": keep(&s.update),
		"ids": keep(&s.ids), "seed": keep(&s.seed),
	})
	switch {
	case version != format:
		l.fail(n, "want `api: %s` first, the version of the format", format)
	case a.Name == "":
		l.fail(n, "it has no name")
	case token == "":
		l.fail(n, "it has no token; want `token: counting` (an integer that rises by one) or `token: opaque`")
	case s.list == nil && s.read == nil:
		l.fail(n, "it has neither `list` nor `read`, so no token can be read")
	case s.update == nil:
		l.fail(n, "it has no `update`, the write that sends a token back")
	}
	a.Counting = token == counting
	l.calls(&s, a)
	l.check(&s, a)
	return a
}

// calls compiles the calls of the file.
func (l *loader) calls(s *sections, a *API) {
	if s.health != nil {
		l.names = anyCall
		l.enterStep("health", func() { a.Health = l.health(s.health) })
	}
	if s.list != nil {
		l.names = listNames
		l.enterStep("list", func() { a.List = l.records(s.list) })
	}
	if s.read != nil {
		l.names = readNames
		l.enterStep("read", func() { a.Read = l.read(s.read, &a.States) })
	}
	l.names = writeNames
	l.enterStep("update", func() { a.Update = l.update(s.update, &a.States, a.Counting) })
	if s.ids != nil {
		l.names = newNames("tag", "n")
		a.IDs = l.ids(s.ids)
	}
	if s.seed != nil {
		l.enterStep("seed", func() { a.Seed = l.seed(s.seed, a.IDs != nil || a.List != nil) })
	}
}

func (l *loader) words(n *yaml.Node, w *noun.Words) {
	l.object(n, keys{
		"record": func(n *yaml.Node) { w.Record = l.text(n) },
		"update": func(n *yaml.Node) { w.Update = l.text(n) },
		"list":   func(n *yaml.Node) { w.List = l.text(n) },
	})
}

// The kinds of tokens.
const (
	counting = "counting"
	opaque   = "opaque"
)

func (l *loader) kind(n *yaml.Node) string {
	text := l.text(n)
	if text != counting && text != opaque {
		l.fail(n, "token is %q; want counting (an integer that rises by one) or opaque", text)
	}
	return text
}

// metrics reads where servers of the API publish what they count.
func (l *loader) metrics(n *yaml.Node) bool {
	if text := l.text(n); text != "cloudwatch" {
		l.fail(n, "metrics is %q; want cloudwatch, or leave it out where servers count nothing", text)
	}
	return true
}

// ids reads the template of the ids that the client gives.
func (l *loader) ids(n *yaml.Node) *template {
	t := l.template(n, inText)
	if !t.uses("n") || !t.uses("tag") {
		l.fail(n, "%q names records that cannot be told apart; want {tag} and {n} in it", t.source)
	}
	return &t
}
