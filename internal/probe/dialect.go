package probe

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
)

// spellState returns the state of the API file that another spelling means:
// IN_PROGRESS, In-Progress and inProgress are all in_progress.
func (s *session) spellState(text string) string {
	fold := func(s string) string {
		return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(s))
	}
	for _, known := range s.states().Names {
		if fold(known) == fold(text) {
			return known
		}
	}
	return text
}

// describeRows says in which way all rows of the list differ from the API file, or "".
// One odd row is a row; rows of which none has a token, or a state as the file spells
// it, are a dialect.
func (s *session) describeRows(a *answer, rows []record) string {
	if len(rows) == 0 {
		return ""
	}
	if !slices.ContainsFunc(rows, func(r record) bool { return r.token != "" }) {
		return fmt.Sprintf("another dialect: no %s of the %s carries a token, so there is nothing for an update to be conditional on: %s",
			s.api.Words.Record, s.api.Words.List, client.Excerpt(a.body))
	}
	spelt := ""
	for _, r := range rows {
		if s.states().IsValid(r.state) {
			return ""
		}
		if s.states().IsValid(s.spellState(r.state)) {
			spelt = r.state
		}
	}
	if spelt == "" {
		return ""
	}
	return fmt.Sprintf("another dialect: %s have the state %s instead of %s", s.api.Words.Records(), quoteText(spelt), s.spellState(spelt))
}

// updateDialect finds out in which dialect a target takes updates that refused those of
// the API file. It asks with the record that the update was meant for, so that an
// accepted guess does no more than that update would have done.
func (s *session) updateDialect(ctx context.Context, r *record, refused *answer) string {
	v := s.newValues(r.id)
	v.From, v.To, v.Token = r.state, s.chooseState(r), []byte(r.token)
	u := &s.api.Update
	if refused.status == http.StatusNotFound || refused.status == http.StatusMethodNotAllowed ||
		refused.status == http.StatusNotImplemented {
		return s.tryOtherMethods(ctx, v, refused)
	}
	if u.StateMember() == "" || s.api.List == nil {
		return ""
	}
	for _, d := range s.listOtherBodies(v) {
		if a := s.askWith(ctx, v, d.body); a.isAccepted() {
			return fmt.Sprintf("another dialect: %s take %s", s.api.Words.Updates(), d.name)
		}
	}
	return ""
}

// tryOtherMethods tries the methods by which updates are usually made.
func (s *session) tryOtherMethods(ctx context.Context, v *api.Vars, refused *answer) string {
	u, allow := &s.api.Update, refused.header.Get("Allow")
	for _, method := range []string{http.MethodPatch, http.MethodPut, http.MethodPost} {
		if method == u.Method {
			continue
		}
		if strings.Contains(allow, method) {
			return fmt.Sprintf("another dialect: %s are a %s, not a %s (Allow: %s)",
				s.api.Words.Updates(), method, u.Method, client.MakePrintable(allow))
		}
		with := withEdit(ctx, func(r *http.Request, body []byte) []byte {
			r.Method = method
			return body
		})
		if a := s.askWrite(with, &u.Request, v); a.isAccepted() {
			return fmt.Sprintf("another dialect: %s are a %s, not a %s", s.api.Words.Updates(), method, u.Method)
		}
	}
	return ""
}

// body is a body of updates as other servers want it.
type body struct {
	name string
	body []byte
}

// listOtherBodies returns the bodies of an update seen in the wild: members called as the list
// calls them, and states in capital letters.
func (s *session) listOtherBodies(v *api.Vars) []body {
	u, l := &s.api.Update, s.api.List
	whole, err := u.AppendBody(nil, v)
	if err != nil {
		return nil
	}
	all, _ := api.Members(whole)
	renamed := func(names map[string]string) []byte {
		others := slices.Clone(all)
		for i := range others {
			if name := names[others[i].Name]; name != "" {
				others[i].Name = name
			}
		}
		return api.Object(others)
	}
	state, token := map[string]string{u.StateMember(): l.Field("state")}, map[string]string{}
	if u.TokenMember() != "" {
		token[u.TokenMember()] = l.Field("token")
	}
	both := maps.Clone(state)
	maps.Copy(both, token)
	upper := *v
	upper.To = strings.ToUpper(v.To)
	shouted, err := u.AppendBody(nil, &upper)
	if err != nil {
		return nil
	}
	return []body{
		{l.Field("state") + " instead of " + u.StateMember(), renamed(state)},
		{l.Field("token") + " instead of " + u.TokenMember(), renamed(token)},
		{l.Field("state") + " and " + l.Field("token") + " instead of " + u.StateMember() + " and " + u.TokenMember(), renamed(both)},
		{"upper-case states", shouted},
	}
}
