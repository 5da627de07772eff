package draft

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// writer writes the lines of a draft.
type writer struct{ strings.Builder }

// writeLine writes a line, and marks it where a person must look at it.
func (w *writer) writeLine(todo, format string, values ...any) {
	fmt.Fprintf(w, format, values...)
	if todo != "" {
		w.WriteString(" # TODO " + todo)
	}
	w.WriteByte('\n')
}

// draft is shared by the lines of a file.
type draft struct {
	*resource
	writer
	token    string  // its place in a read
	byHeader bool    // the update sends it in If-Match
	sent     *member // of the body of the update; nil: none
	counting bool
	states   *member // nil: none
	state    string  // its place in a read
	marker   *member // of the body; nil: the document has no text to write into
	shown    string  // the place of the marker in a read
}

// write returns the file.
func (r *resource) write(root node, file string) []byte {
	d := &draft{resource: r}
	d.inspect()
	d.writeHead(root, file)
	d.writeRead()
	d.writeList()
	d.writeUpdate()
	d.writeSeed()
	return []byte(d.String())
}

// inspect finds the token, the states and the text for a marker in the document.
func (d *draft) inspect() {
	answer := d.read.findSuccess().readJSON().inside
	d.byHeader, d.sent = d.update.hasHeader("If-Match"), d.findBodyToken()
	if d.byHeader {
		d.sent = nil
	}
	d.token = d.read.findSuccess().findToken()
	at, shown := findMember(answer, tokenNames, "$", (*member).isWord)
	d.counting = !d.byHeader && shown != nil && shown.kind == "integer"
	if !d.byHeader && at != "" {
		d.token = at
	}
	body := d.update.readBody()
	isState := func(m *member) bool { return len(m.enum) > 1 }
	if at, m := findMember(answer, stateNames, "$", isState); m != nil {
		for _, name := range []string{m.name, "new_" + m.name, "to"} {
			if sent := body.findMember(name); sent != nil && d.states == nil {
				d.states, d.state = &member{name: name, enum: m.enum}, at
			}
		}
	}
	isNote := func(m *member) bool { return m.kind == "string" && len(m.enum) == 0 && m.format == "" && !m.readOnly }
	for _, name := range noteNames {
		m := body.findMember(name)
		at, shown := findMember(answer, []string{name}, "$", isNote)
		if m != nil && isNote(m) && shown != nil {
			d.marker, d.shown = m, at
			return
		}
	}
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

func (d *draft) writeHead(root node, file string) {
	d.writeLine("", "# yaml-language-server: $schema=https://raw.githubusercontent.com/occbench/occbench/main/docs/api-file.schema.json")
	d.writeLine("", "# Drafted from %s. What it does not tell is marked TODO; `occbench api check FILE --target URL` shows what the API "+
		"answers.",
		strconv.Quote(file))
	for _, server := range root.get("servers").entries() {
		d.writeLine("", "# The target: %s", strconv.Quote(server.get("url").text()))
	}
	d.writeLine("", "api: 1")
	title := strings.ToLower(cmp.Or(root.get("info", "title").text(), "api"))
	d.writeLine("", "name: %s", quoteYAML(strings.Trim(notInName.ReplaceAllString(title, "-"), "-")))
	d.writeLine("", "words: {record: %s}", quoteYAML(deriveNoun(d.collection)))
	d.writeAuth(root)
	if d.counting {
		d.writeLine("does it rise by exactly one with every update? else: opaque", "token: counting")
	} else {
		d.writeLine("", "token: opaque")
	}
	if d.states != nil {
		d.writeLine("which may follow which? then {names: […], legal: {FROM: [TO]}}", "states: [%s]", quoteAll(d.states.enum))
	}
	if d.hasClientIDs() {
		d.writeLine("", `ids: "occbench-{tag}-{n}"`)
	}
}

// hasClientIDs reports whether the client names the records.
func (d *draft) hasClientIDs() bool {
	return d.create == nil && d.method == "put" && d.updatePath == d.path
}

func (d *draft) writeAuth(root node) {
	for _, s := range root.get("components", "securitySchemes").entries() {
		switch kind, scheme := s.get("type").text(), s.get("scheme").text(); {
		case kind == "http" && (scheme == "bearer" || scheme == "basic"):
			d.writeLine("", "auth: %s", scheme)
			return
		case kind == "apiKey" && s.get("in").text() == "header":
			d.writeLine("give the key by --auth "+strconv.Quote("header:"+s.get("name").text()+"=env:VARIABLE"), "# auth")
			return
		}
	}
}

func (d *draft) writeRead() {
	d.writeLine("", "read:")
	d.writePath("  ", "get", d.path)
	if d.token == "" {
		d.writeLine("where does a read show it?", "  token: $.version")
	} else {
		d.writeLine("", "  token: %s", quoteYAML(d.token))
	}
	if d.states != nil {
		d.writeLine("", "  state: %s", quoteYAML(d.state))
	}
	if d.marker != nil {
		d.writeLine("", "  marker: %s", quoteYAML(d.shown))
	} else {
		d.writeLine("where does a read show the text that the update writes?", "  marker: $.note")
	}
}

// writePath writes the line of a call's path.
func (d *draft) writePath(indent, method, path string) {
	text, todo := fillPath(path)
	d.writeLine(todo, "%s%s: %s", indent, method, strconv.Quote(text))
}

// parameter is one in braces of a path.
var parameter = regexp.MustCompile(`\{[^}]*\}`)

// fillPath returns a path with {id} for its last parameter and TODO for the others.
func fillPath(path string) (text, todo string) {
	all := parameter.FindAllStringIndex(path, -1)
	for i, at := range slices.Backward(all) {
		with := "{id}"
		if i < len(all)-1 {
			with = "TODO"
			todo = "which " + path[at[0]:at[1]] + "?"
		}
		path = path[:at[0]] + with + path[at[1]:]
	}
	return path, todo
}

// fillAll returns the path of a collection, with TODO for its parameters.
func fillAll(path string) (text, todo string) {
	if all := parameter.FindAllString(path, -1); len(all) > 0 {
		todo = "which " + strings.Join(all, ", ") + "?"
	}
	return parameter.ReplaceAllString(path, "TODO"), todo
}

// deriveNoun returns the last word of a path in the singular, such as order for /shop/orders;
// record where the path has none.
func deriveNoun(path string) string {
	segments := strings.Split(strings.Trim(parameter.ReplaceAllString(path, ""), "/"), "/")
	word := segments[len(segments)-1]
	switch {
	case word == "":
		return "record"
	case strings.HasSuffix(word, "ies"):
		return word[:len(word)-3] + "y"
	case strings.HasSuffix(word, "ss"):
		return word
	}
	return strings.TrimSuffix(word, "s")
}

// quoteYAML returns a text as a YAML scalar.
func quoteYAML(text string) string {
	if plainScalar.MatchString(text) && text != "null" && text != "true" && text != "false" {
		return text
	}
	return strconv.Quote(text)
}

var plainScalar = regexp.MustCompile(`^[a-zA-Z$][a-zA-Z0-9$._/-]*$`)

func quoteAll(texts []string) string {
	var all []string
	for _, text := range texts {
		all = append(all, quoteYAML(text))
	}
	return strings.Join(all, ", ")
}
