package api

import (
	"bytes"
	"encoding/json"
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
func (u *Update) TokenMember() string { return u.memberWith("918273645") }

// StateMember: see TokenMember.
func (u *Update) StateMember() string { return u.memberWith("occbench_state") }

func (u *Update) memberWith(sentinel string) string {
	body, err := u.AppendBody(nil, &Vars{ID: "1", To: "occbench_state", Token: []byte("918273645")})
	if err != nil {
		return ""
	}
	all, _ := Members(body)
	for _, m := range all {
		if bytes.Contains(m.Value, []byte(sentinel)) {
			return m.Name
		}
	}
	return ""
}

// WithoutToken returns the body of an update that names no token.
func (u *Update) WithoutToken(v *Vars) ([]byte, error) {
	named := *v
	named.Token = []byte("918273645")
	body, err := u.AppendBody(nil, &named)
	if err != nil {
		return nil, err
	}
	all, _ := Members(body)
	var rest []Member
	for _, m := range all {
		if m.Name != u.TokenMember() {
			rest = append(rest, m)
		}
	}
	return Object(rest), nil
}
