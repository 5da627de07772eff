package api

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-faster/jx"
	"go.yaml.in/yaml/v3"
)

// format is the version of API files that this package reads.
const format = "1"

// Compile compiles the text of an API file. An error names file, line and
// column (*FileError), or says why the text is no YAML.
func Compile(file string, text []byte) (a *API, err error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("reading API file %s: %w", file, err)
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

func (l *loader) api(n *yaml.Node) *API {
	a := &API{Words: Words{Record: "record", Update: "update", List: "list"}}
	version, list, read, update, health := "", (*yaml.Node)(nil), (*yaml.Node)(nil), (*yaml.Node)(nil), (*yaml.Node)(nil)
	keep := func(at **yaml.Node) func(*yaml.Node) { return func(n *yaml.Node) { *at = n } }
	l.object(n, keys{
		"api":     func(n *yaml.Node) { version = l.text(n) },
		"name":    func(n *yaml.Node) { a.Name = l.text(n) },
		"words":   func(n *yaml.Node) { l.words(n, &a.Words) },
		"headers": func(n *yaml.Node) { a.Headers = l.headers(n) },
		"build":   func(n *yaml.Node) { a.Build = l.header(n) },
		"trace":   func(n *yaml.Node) { a.Trace = l.header(n) },
		"extra": func(n *yaml.Node) {
			l.each(n, func(key, value *yaml.Node) { a.Extra = append(a.Extra, l.extra(key.Value, value)) })
		},
		"states": func(n *yaml.Node) { a.States = l.states(n) },
		"token":  func(n *yaml.Node) { a.Counting = l.counting(n) },
		"health": keep(&health), "list": keep(&list), "read": keep(&read), "update": keep(&update),
	})
	switch {
	case version != format:
		l.fail(n, "want `api: %s` first, the version of the format", format)
	case a.Name == "":
		l.fail(n, "it has no name")
	case list == nil && read == nil:
		l.fail(n, "it has neither `list` nor `read`, so no token can be read")
	case update == nil:
		l.fail(n, "it has no `update`, the write that sends a token back")
	}
	if health != nil {
		a.Health = l.health(health)
	}
	if list != nil {
		a.List = l.records(list)
	}
	if read != nil {
		a.Read = l.read(read, &a.States)
	}
	a.Update = l.update(update, a)
	return a
}

func (l *loader) words(n *yaml.Node, w *Words) {
	l.object(n, keys{
		"record": func(n *yaml.Node) { w.Record = l.text(n) },
		"update": func(n *yaml.Node) { w.Update = l.text(n) },
		"list":   func(n *yaml.Node) { w.List = l.text(n) },
	})
}

func (l *loader) counting(n *yaml.Node) bool {
	switch text := l.text(n); text {
	case "counting":
		return true
	case "opaque":
		return false
	default:
		l.fail(n, "token is %q; want counting (an integer that rises by one) or opaque", text)
		return false
	}
}

func (l *loader) headers(n *yaml.Node) []Header {
	var all []Header
	l.each(n, func(key, value *yaml.Node) {
		all = append(all, Header{Name: canonicalHeader(key.Value), value: l.template(value, inHeader)})
	})
	return all
}

// header reads a place that is a header.
func (l *loader) header(n *yaml.Node) string {
	p := l.place(n, l.text(n), newReader())
	if p.header == "" {
		l.fail(n, "%q is no header:NAME", p.source)
	}
	return p.header
}

func (l *loader) states(n *yaml.Node) States {
	s := States{Legal: map[string][]string{}, Walks: map[string]map[string]string{}, known: interned{}}
	l.object(n, keys{
		"names": func(n *yaml.Node) { s.Names = l.texts(n) },
		"legal": func(n *yaml.Node) {
			l.each(n, func(key, value *yaml.Node) { s.Legal[key.Value] = l.texts(value) })
		},
		"walks": func(n *yaml.Node) {
			l.each(n, func(key, value *yaml.Node) { s.Walks[key.Value] = l.walk(value) })
		},
	})
	for _, name := range s.Names {
		s.known[name] = name
	}
	for from, all := range s.Legal {
		for _, state := range append([]string{from}, all...) {
			if !s.Valid(state) {
				l.fail(n, "%q in legal is none of the names", state)
			}
		}
	}
	for name, steps := range s.Walks {
		for from, to := range steps {
			if !s.IsLegal(from, to) {
				l.fail(n, "the walk %s goes from %s to %s, which is not legal", name, from, to)
			}
		}
	}
	return s
}

// walk reads from each state the one that an operator asks for next.
func (l *loader) walk(n *yaml.Node) map[string]string {
	steps := map[string]string{}
	l.each(n, func(from, to *yaml.Node) { steps[from.Value] = l.text(to) })
	return steps
}

// request takes the keys of a call out of an object, and hands the others on.
func (l *loader) request(n *yaml.Node, rest keys) Request {
	r, at := Request{}, resolve(n)
	body := (*yaml.Node)(nil)
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		rest[strings.ToLower(method)] = func(n *yaml.Node) {
			if r.Method != "" {
				l.fail(n, "there is a %s already; a call has one method", r.Method)
			}
			r.Method, r.path = method, l.template(n, inPath)
			if !strings.HasPrefix(r.path.source, "/") {
				l.fail(n, "%q is no path of the target; it begins with a slash", r.path.source)
			}
		}
	}
	rest["body"] = func(n *yaml.Node) { body = n }
	rest["headers"] = func(n *yaml.Node) { r.headers = l.headers(n) }
	l.object(at, rest)
	if r.Method == "" {
		l.fail(at, "it has no get, post, put, patch or delete with a path")
	}
	if body != nil {
		first := inText
		if text := strings.TrimSpace(body.Value); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
			first = inJSON
		}
		t := l.template(body, first)
		r.body = &t
	}
	return r
}

func (l *loader) health(n *yaml.Node) *Health {
	h := &Health{answer: newReader(), ok: anySuccess()}
	h.Request = l.request(n, keys{
		"ok":    func(n *yaml.Node) { h.ok = l.condition(n, h.answer) },
		"build": func(n *yaml.Node) { h.build = l.field(n, h.answer) },
		"tells": func(n *yaml.Node) {
			l.each(n, func(key, value *yaml.Node) { h.tells = append(h.tells, told{key.Value, l.field(value, h.answer)}) })
		},
	})
	return h
}

// extra reads a call that only the probe makes.
func (l *loader) extra(name string, n *yaml.Node) Extra {
	e := Extra{Name: name, answer: newReader(), ok: anySuccess()}
	e.Request = l.request(n, keys{"ok": func(n *yaml.Node) { e.ok = l.condition(n, e.answer) }})
	return e
}

func (l *loader) records(n *yaml.Node) *List {
	list := &List{answer: newReader(), record: newReader(), ok: anySuccess()}
	items := ""
	list.Request = l.request(n, keys{
		"ok": func(n *yaml.Node) { list.ok = l.condition(n, list.answer) },
		"items": func(n *yaml.Node) {
			items = l.text(n)
			steps, err := parsePath(items, true)
			if err != nil {
				l.fail(n, "%s", err)
			}
			list.answer.addRecords(steps)
		},
		"group": func(n *yaml.Node) {
			if list.grouped = l.text(n) == "state"; !list.grouped {
				l.fail(n, "group is %q; want state: the name that .* stands for is the state of its records", n.Value)
			}
		},
		"record": func(n *yaml.Node) {
			l.object(n, keys{
				"id":    func(n *yaml.Node) { list.id = l.field(n, list.record) },
				"token": func(n *yaml.Node) { list.token = l.field(n, list.record) },
				"state": func(n *yaml.Node) { list.state = l.field(n, list.record) },
				"tag": func(n *yaml.Node) {
					list.tag = l.field(n, list.record)
					list.tagged = list.record.nodeOf(list.tag[0].slot)
				},
			})
		},
	})
	if items == "" || len(list.id) == 0 {
		l.fail(n, "a list needs items, where the records stand, and record: {id: …}")
	}
	return list
}

func (l *loader) read(n *yaml.Node, states *States) *Read {
	r := &Read{answer: newReader(), ok: anySuccess(), states: states}
	r.Request = l.request(n, keys{
		"ok":    func(n *yaml.Node) { r.ok = l.condition(n, r.answer) },
		"token": func(n *yaml.Node) { r.token = l.field(n, r.answer) },
		"state": func(n *yaml.Node) { r.state = l.field(n, r.answer) },
	})
	if len(r.token) == 0 {
		l.fail(n, "a read needs token, the place of what an update sends back")
	}
	return r
}

func (l *loader) update(n *yaml.Node, a *API) Update {
	u := Update{answers: newReader(), states: &a.States, counting: a.Counting, codes: interned{}, kinds: map[Kind]condition{}}
	u.applied.condition = anySuccess()
	u.Request = l.request(n, keys{
		"applied": func(n *yaml.Node) {
			rest := keys{
				"token": func(n *yaml.Node) { u.applied.token = l.field(n, u.answers) },
				"state": func(n *yaml.Node) { u.applied.state = l.field(n, u.answers) },
			}
			u.applied.condition = l.conditionWith(n, u.answers, rest)
		},
		"conflict": func(n *yaml.Node) {
			l.list(n, func(n *yaml.Node) { u.conflict = append(u.conflict, l.conflict(n, u.answers)) })
		},
		"refused": func(n *yaml.Node) {
			l.object(n, keys{
				"code":    func(n *yaml.Node) { u.code = l.field(n, u.answers) },
				"state":   func(n *yaml.Node) { u.from = l.field(n, u.answers) },
				"token":   func(n *yaml.Node) { u.shown = l.field(n, u.answers) },
				"form":    func(n *yaml.Node) { u.form = l.conditionWith(n, u.answers, keys{}) },
				"busy":    func(n *yaml.Node) { u.kinds[Busy] = l.conditionWith(n, u.answers, keys{}) },
				"illegal": func(n *yaml.Node) { u.kinds[Illegal] = l.conditionWith(n, u.answers, keys{}) },
				"invalid": func(n *yaml.Node) { u.kinds[Invalid] = l.conditionWith(n, u.answers, keys{}) },
				"unknown": func(n *yaml.Node) { u.kinds[Unknown] = l.conditionWith(n, u.answers, keys{}) },
				"judged":  func(n *yaml.Node) { l.list(n, func(n *yaml.Node) { u.judged = append(u.judged, l.status(n).from) }) },
			})
		},
	})
	if len(u.conflict) == 0 {
		l.fail(n, "it has no conflict: how does the API say that the token was stale?")
	}
	conditions := slices.Collect(maps.Values(u.kinds))
	for _, c := range u.conflict {
		conditions = append(conditions, c.condition)
	}
	for _, c := range conditions {
		for _, e := range c.when {
			u.codes[e.text] = e.text
		}
	}
	u.inJSON = u.applied.readsJSON() || u.applied.token.readsJSON() || u.applied.state.readsJSON()
	return u
}

func (l *loader) conflict(n *yaml.Node, r *reader) (c conflict) {
	c.condition = l.conditionWith(n, r, keys{
		"token": func(n *yaml.Node) { c.token = l.field(n, r) },
		"state": func(n *yaml.Node) { c.state = l.field(n, r) },
	})
	return c
}

// anySuccess is the condition of a call that declares none.
func anySuccess() condition { return condition{status: []statusRange{{200, 299}}} }

// condition reads a condition: a status alone, or an object.
func (l *loader) condition(n *yaml.Node, r *reader) condition {
	if at := resolve(n); at.Kind != yaml.MappingNode {
		return condition{status: l.statuses(at)}
	}
	return l.conditionWith(n, r, keys{})
}

// conditionWith reads a condition whose object has further keys.
func (l *loader) conditionWith(n *yaml.Node, r *reader, rest keys) condition {
	c := anySuccess()
	equalities := func(to *[]equality) func(*yaml.Node) {
		return func(n *yaml.Node) {
			l.each(n, func(key, value *yaml.Node) { *to = append(*to, l.equality(key, value, r)) })
		}
	}
	fields := func(to *[]field) func(*yaml.Node) {
		return func(n *yaml.Node) {
			l.list(n, func(n *yaml.Node) { *to = append(*to, field{l.place(n, l.text(n), r)}) })
		}
	}
	rest["status"] = func(n *yaml.Node) { c.status = l.statuses(n) }
	rest["when"], rest["unless"] = equalities(&c.when), equalities(&c.unless)
	rest["require"], rest["absent"] = fields(&c.require), fields(&c.absent)
	samenesses := func(to *[]sameness) func(*yaml.Node) {
		return func(n *yaml.Node) {
			l.each(n, func(key, value *yaml.Node) {
				*to = append(*to, sameness{at: l.keyField(key, r), want: l.template(value, inText)})
			})
		}
	}
	rest["same"], rest["echo"] = samenesses(&c.same), samenesses(&c.echo)
	l.object(n, rest)
	return c
}

func (l *loader) equality(key, n *yaml.Node, r *reader) equality {
	e := equality{at: l.keyField(key, r), kind: jx.String, text: l.text(n)}
	switch n = resolve(n); n.Tag {
	case "!!bool":
		e.kind, e.text = jx.Bool, strings.ToLower(n.Value)
	case "!!int", "!!float":
		e.kind = jx.Number
	default:
		e.text, e.suffix = strings.CutPrefix(e.text, "~")
	}
	return e
}

func (l *loader) statuses(n *yaml.Node) []statusRange {
	var all []statusRange
	l.list(n, func(n *yaml.Node) { all = append(all, l.status(n)) })
	return all
}

func (l *loader) status(n *yaml.Node) statusRange {
	text := l.text(n)
	if len(text) == 3 && text[0] >= '1' && text[0] <= '5' && text[1:] == "xx" {
		from := int(text[0]-'0') * 100
		return statusRange{from, from + 99}
	}
	status, err := strconv.Atoi(text)
	if err != nil || status < 100 || status > 599 {
		l.fail(n, "%q is no HTTP status; want 409, 2xx or a list", text)
	}
	return statusRange{status, status}
}
