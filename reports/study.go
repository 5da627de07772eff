package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/occbench/occbench/internal/amount"
)

// BackoffStudy compares backoff policies on one row that everybody wants to
// change at once.
type BackoffStudy struct {
	Base      string       `json:"base"`
	Limit     string       `json:"limit"`
	Simulated bool         `json:"simulated"`
	Target    string       `json:"target,omitempty"`
	Rows      []BackoffRow `json:"rows"`
}

// BackoffRow is what a policy costs so many clients until each has its change.
type BackoffRow struct {
	Policy  string  `json:"policy"`
	Clients int     `json:"clients"`
	Calls   float64 `json:"calls"`   // moves sent, in the mean of a simulation's runs
	TimeMS  float64 `json:"time_ms"` // until the last client has its change, or gives up
	Done    int     `json:"done"`    // clients who have it
}

// Line is the row in words.
func (r BackoffRow) Line() string {
	return fmt.Sprintf("%s, %s: %.0f calls, %.0f ms%s", r.Policy, amount.Plural(r.Clients, "client", "clients"), r.Calls, r.TimeMS, r.missing())
}

func (r BackoffRow) missing() string {
	if r.Done == r.Clients {
		return ""
	}
	return fmt.Sprintf(", %s without their change", amount.Count(r.Clients-r.Done))
}

// StudyJSON writes a study as one object, indented, with a line end.
func StudyJSON(w io.Writer, s BackoffStudy) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		return fmt.Errorf("writing the study as JSON: %w", err)
	}
	return nil
}

// StudyText writes a study for people: a row for each policy, two columns for
// each number of clients.
func StudyText(w io.Writer, s BackoffStudy) error {
	var b strings.Builder
	what := "a simulated server, network N(10, 2) ms each way, means over many runs"
	if !s.Simulated {
		what = clean(s.Target)
	}
	hang(&b, "", fmt.Sprintf("Clients who all want to change one row once, against %s; base %s, limit %s", what, s.Base, s.Limit))
	b.WriteString("\n")
	if err := studyTable(s).write(&b); err != nil {
		return fmt.Errorf("writing the study as text: %w", err)
	}
	for _, r := range s.Rows {
		if r.Done < r.Clients {
			hang(&b, "  ! ", r.Line())
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the study as text: %w", err)
	}
	return nil
}

// studyTable has a row for each policy and two columns for each number of clients.
func studyTable(s BackoffStudy) table {
	t := table{header: []string{"backoff"}, align: "l"}
	at := map[string]int{}
	clients := 0
	for _, r := range s.Rows {
		if r.Clients != clients {
			clients = r.Clients
			t.header = append(t.header, amount.Plural(clients, "client", "clients")+": calls", "ms")
			t.align += "rr"
		}
		i, ok := at[r.Policy]
		if !ok {
			i = len(t.rows)
			at[r.Policy] = i
			t.rows = append(t.rows, []string{r.Policy})
		}
		t.rows[i] = append(t.rows[i], fmt.Sprintf("%.0f", r.Calls), fmt.Sprintf("%.0f", r.TimeMS))
	}
	return t
}
