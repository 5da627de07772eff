package probe

import (
	"encoding/json"
	"strings"

	"github.com/occbench/occbench/internal/api"
)

// envelope is the shape that every body of the contract has.
type envelope struct {
	OK    *bool           `json:"ok"`
	Data  json.RawMessage `json:"data"`
	Error json.RawMessage `json:"error"`
}

// refusal is the error member of an answer; types that differ are left out.
type refusal struct {
	Code, Message, Field string
	fields               map[string]json.RawMessage
}

func (a *answer) refusal() refusal {
	var r refusal
	if json.Unmarshal(a.Error, &r.fields) != nil {
		// A plain string is all that some deployments send.
		r.Message = text(a.Error)
		return r
	}
	r.Code, r.Message, r.Field = text(r.fields["code"]), text(r.fields["message"]), text(r.fields["field"])
	return r
}

// names reports whether a refusal says which field it is about.
func (r refusal) names(field string) bool {
	return r.Field == field || strings.Contains(r.Message, field)
}

func (r refusal) text(field string) string { return text(r.fields[field]) }

// integer returns an integer member of a refusal, or false.
func (r refusal) integer(field string) (int64, bool) { return integer(r.fields[field]) }

// text returns a JSON string, "" for any other value.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// integer returns a JSON integer, or false for any other value: 3.5, "3" and
// null are none, 3.0 is 3.
func integer(raw json.RawMessage) (int64, bool) {
	var n *int64
	if json.Unmarshal(raw, &n) == nil && n != nil {
		return *n, true
	}
	v := api.Integer(string(raw))
	return v, v > 0
}
