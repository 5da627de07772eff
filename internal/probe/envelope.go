package probe

import (
	"encoding/json"

	"github.com/occbench/occbench/internal/api"
)

// envelope is the shape that every body of the contract has.
type envelope struct {
	OK    *bool           `json:"ok"`
	Data  json.RawMessage `json:"data"`
	Error json.RawMessage `json:"error"`
}

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
