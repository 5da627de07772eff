package view

import (
	"fmt"

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

// BackoffRow is the cost of a policy for so many clients until each has its change.
type BackoffRow struct {
	Policy  string  `json:"policy"`
	Clients int     `json:"clients"`
	Calls   float64 `json:"calls"`   // updates sent, in the mean of a simulation's runs
	TimeMS  float64 `json:"time_ms"` // until the last client has its change, or gives up
	Done    int     `json:"done"`    // clients who have it
}

// Line is the row in words.
func (r BackoffRow) Line() string {
	return fmt.Sprintf(
		"%s, %s: %.0f calls, %.0f ms%s",
		r.Policy,
		amount.Plural(r.Clients, "client", "clients"),
		r.Calls,
		r.TimeMS,
		r.describeMissing(),
	)
}

func (r BackoffRow) describeMissing() string {
	if r.Done == r.Clients {
		return ""
	}
	return fmt.Sprintf(", %s without their change", amount.Count(r.Clients-r.Done))
}
