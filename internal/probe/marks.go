package probe

import (
	"net/http"
)

// marks are required of every answer; they are noted as answers come and
// judged at the end.
type marks struct {
	trace    string  // what is sent in the header that comes back
	answers  int     // complete answers
	refusals int     // of these, with a status from 400
	noBuild  *answer // the first without a build
	noTrace  *answer // the first without what was sent
	noForm   *answer // the first refusal of another form
}

// stamp puts the trace on each request before it is signed, makes the change that a
// question asks for, and has the requests of a race wait for each other.
func (m *marks) stamp(header string, sign func(*http.Request, []byte) error) func(*http.Request, []byte) error {
	trace := m.trace
	return func(r *http.Request, body []byte) error {
		if header != "" {
			r.Header.Set(header, trace)
		}
		body = applyEdit(r, body)
		holdRequest(r)
		if sign == nil {
			return nil
		}
		return sign(r, body)
	}
}

func keepFirst(first **answer, a *answer, lacking bool) {
	if lacking && *first == nil {
		kept := *a
		*first = &kept
	}
}
