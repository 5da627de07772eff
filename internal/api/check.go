package api

import (
	"slices"
)

// check refuses a file whose parts do not fit together.
func (l *loader) check(s *sections, a *API) {
	l.checkMarker(s, a)
	l.checkStates(s, a)
	l.checkToken(s, a)
	l.checkOwn(s, a)
}

// checkMarker finds out whether updates can be told apart by their markers.
func (l *loader) checkMarker(s *sections, a *API) {
	shown := a.Read != nil && len(a.Read.marker) > 0 || a.List != nil && len(a.List.marker) > 0
	written := a.Update.Uses("marker")
	if shown && !written {
		l.fail(s.update, "a marker is read and never written; want {marker} in the body of the update")
	}
	a.Marked = shown && written
	if !a.Update.Answered && !a.Marked {
		l.fail(s.update, "an applied update does not answer its new token, so the author of a token is only known by a marker; "+
			"want applied: {token: …}, or {marker} in the update and `marker`, its place, in the read or the list")
	}
	if !written && !a.Update.Uses("to") {
		l.fail(s.update, "an update changes nothing; want {to}, the state asked for, or {marker}, a word of its own, in the request")
	}
}

// checkOwn holds that our records can be told from those of others, which are never
// written.
func (l *loader) checkOwn(s *sections, a *API) {
	if a.List == nil || a.IDs != nil || a.List.HasTag() || a.List.Uses("tag") {
		return
	}
	if a.Seed != nil && slices.ContainsFunc(a.Seed.Each, (*SeedCall).NamesRecord) {
		return
	}
	l.fail(s.list, "nothing tells our records from those of others; want `ids` in the file, record: {tag: …} in the list, "+
		"or {tag} in its path")
}

func (l *loader) checkStates(s *sections, a *API) {
	shown := a.Read != nil && len(a.Read.state) > 0 || a.List != nil && len(a.List.state) > 0
	switch asked := a.Update.Uses("to"); {
	case len(a.States.Names) == 0 && (asked || a.Update.Uses("from") || len(a.Update.applied.state) > 0):
		l.fail(s.update, "the update speaks of states and the file names none; want `states: [NAME, NAME]`")
	case len(a.States.Names) > 0 && !asked:
		l.fail(s.update, "the file names states and no update asks for one; want {to} in the request, or no `states`")
	case len(a.States.Names) > 0 && !shown:
		l.fail(s.update, "the file names states, and neither the read nor the list says where a record's state stands; want `state: …` "+
			"there")
	}
}

// checkToken holds that a token is one text everywhere, or a pair everywhere.
func (l *loader) checkToken(s *sections, a *API) {
	if !a.Update.Uses("token") {
		l.fail(s.update, "the update does not send the token back; want {token} in a header, the path or the body")
	}
	var all []place
	if a.Read != nil {
		all = append(all, a.Read.token...)
	}
	if a.List != nil {
		all = append(all, a.List.token...)
	}
	all = append(all, a.Update.applied.token...)
	parts := len(all[0].parts)
	for i := range all {
		if len(all[i].parts) != parts {
			l.fail(s.update, "the token is %s at one place and %s at another; want a pair at both, or at none", all[0].source,
				all[i].source)
		}
	}
	if a.Counting && parts > 0 {
		l.fail(s.update, "a pair does not count; want `token: opaque`")
	}
	for _, p := range a.Update.tokens() {
		switch {
		case p.index >= max(parts, 1) || p.index >= 0 && parts == 0:
			l.fail(s.update, "the update sends {token.%d}, and the token %s has no such part", p.index, all[0].source)
		case p.index < 0 && parts > 0:
			l.fail(s.update, "the update sends {token}, and the token %s is a pair; want {token.0} and {token.1}", all[0].source)
		}
	}
}

// tokens returns where a request sends the token.
func (r *Request) tokens() []part {
	all := r.path.tokens()
	for i := range r.headers {
		all = append(all, r.headers[i].value.tokens()...)
	}
	if r.body != nil {
		all = append(all, r.body.tokens()...)
	}
	return all
}

func (t *template) tokens() []part {
	var all []part
	for _, p := range t.parts {
		if p.name == "token" {
			all = append(all, p)
		}
		if p.text != nil {
			all = slices.Concat(all, p.text.tokens())
		}
	}
	return all
}
