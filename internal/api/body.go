package api

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Member is a member of a JSON object, its value as it is written.
type Member struct {
	Name  string
	Value json.RawMessage
}

// Members returns those of a JSON object in their order; ok is false for any other
// text.
func Members(text []byte) (all []Member, ok bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, false
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, false
		}
		m := Member{Name: name.(string)} // the only token that may stand here
		if err := d.Decode(&m.Value); err != nil {
			return nil, false
		}
		all = append(all, m)
	}
	return all, json.Valid(text)
}

// Object writes members as a JSON object.
func Object(all []Member) []byte {
	text := []byte{'{'}
	for i, m := range all {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(appendJSON(append(text, '"'), []byte(m.Name)), `":`...)
		text = append(text, m.Value...)
	}
	return append(text, '}')
}

// TokenMember and StateMember return the name of the member of the body that holds
// the token, and of that which holds the state asked for; empty where the body is
// no JSON object that has one.
func (u *Update) TokenMember() string { return u.findMember(sentinel) }

// StateMember: see TokenMember.
func (u *Update) StateMember() string { return u.findMember("occbench_state") }

func (u *Update) findMember(word string) string {
	body, err := u.AppendBody(nil, &Vars{ID: "1", To: "occbench_state", Token: []byte(sentinel)})
	if err != nil {
		return ""
	}
	all, _ := Members(body)
	for _, m := range all {
		if bytes.Contains(m.Value, []byte(word)) {
			return m.Name
		}
	}
	return ""
}

// UnconditionalRequest returns the update as a request that names no token: without the
// header, the parameter or the member of the body that does, or as the file says.
// ok is false where it cannot be asked without one.
func (u *Update) UnconditionalRequest(v *Vars) (r *Request, ok bool) {
	if u.unconditional.never {
		return nil, false
	}
	bare := u.Request
	bare.headers = slices.DeleteFunc(slices.Clone(u.headers), func(h Header) bool { return h.value.uses("token") })
	bare.path = u.path.removeParameter("token")
	switch {
	case u.unconditional.body != nil:
		bare.body = u.unconditional.body
	case u.body != nil && u.body.uses("token"):
		named := *v
		named.Token = []byte(sentinel)
		body, err := u.AppendBody(nil, &named)
		if err == nil {
			body, ok = removeMember(body, sentinel)
		}
		if err != nil || !ok {
			return nil, false
		}
		t := newLiteral(string(body))
		t.json = true
		bare.body = &t
	}
	return &bare, !bare.Uses("token")
}

// sentinel stands for a token where its place in a body is looked for.
const sentinel = "918273645"

// removeMember returns a JSON object without the member that has a value, at any depth of nested
// objects; ok is false where there is none.
func removeMember(text []byte, word string) (rest []byte, ok bool) {
	all, ok := Members(text)
	for i, m := range all {
		if bare := strings.Trim(string(m.Value), `"`); bare == word {
			return Object(slices.Delete(all, i, i+1)), true
		}
		if below, found := removeMember(m.Value, word); found {
			all[i].Value = below
			return Object(all), true
		}
	}
	return nil, false
}

// removeParameter returns a path without the parameters of its query that use a
// value.
func (t *template) removeParameter(name string) template {
	var kept []part
	first := false // what follows is the first parameter
	for _, p := range t.parts {
		last := len(kept) - 1
		switch {
		case p.name == name && p.place == inQuery && last >= 0:
			at := strings.LastIndexAny(kept[last].literal, "?&") // it ends in ?NAME= or in &NAME=
			if first = at >= 0 && kept[last].literal[at] == '?'; first {
				at++
			}
			kept[last].literal = kept[last].literal[:max(at, 0)]
			continue
		case first && p.name == "" && last >= 0:
			kept[last].literal += strings.TrimPrefix(p.literal, "&")
			first = false
			continue
		}
		kept = append(kept, p)
	}
	if last := len(kept) - 1; last >= 0 && kept[last].name == "" {
		kept[last].literal = strings.TrimSuffix(kept[last].literal, "?")
	}
	return template{source: t.source, parts: kept, json: t.json}
}
