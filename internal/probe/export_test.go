package probe

import (
	"net/http"
	"slices"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
)

// Documented is a question as a page shows it.
type Documented struct{ Name, Expects, Why string }

// Questions returns all questions of the table, for tests.
func Questions() []Documented {
	var all []Documented
	for _, q := range slices.Concat(reads, happy, tokens, conditions, updates, refusals, races) {
		all = append(all, Documented{q.name, q.expects, q.why})
	}
	return all
}

// ReasonFor returns why a list with this body ends a probe, empty where it does not.
func ReasonFor(by *api.API, body []byte) string {
	s, err := newSession(Options{Target: client.Config{API: by, Target: "http://127.0.0.1:1"}}, nil, nil)
	if err != nil {
		return err.Error()
	}
	var rows []record
	a := answer{status: http.StatusOK, header: http.Header{}, body: body}
	err = by.List.Rows(&api.ListScratch{}, a.response(), s.newValues(""), func(row *api.Row) {
		rows = append(rows, record{id: string(row.ID), token: string(row.Token), raw: string(row.Token), state: string(row.State)})
	})
	reason := s.explainForeign(&a, "the list", err)
	if reason == "" {
		reason = s.describeRows(&a, rows)
	}
	s.judgeRows(a, rows)
	s.endProbe("%s", reason)
	return s.result.Reason
}
