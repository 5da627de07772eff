package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strings"
	"unicode"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// The oracle reads the same bodies with encoding/json, member by member in the
// order of the text, so that repeated names mean the same to both: of a value the
// last one counts, and a name that leads to the records may not stand twice.

var errTwice = errors.New("a name that leads to the records stands twice")

type member struct {
	name  string
	value json.RawMessage
}

// parseMembers returns those of an object; ok is false for any other value.
func parseMembers(raw json.RawMessage) (list []member, ok bool) {
	if len(raw) == 0 || raw[0] != '{' {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return nil, false
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, false
		}
		m := member{name: name.(string)}
		if err := d.Decode(&m.value); err != nil {
			return nil, false
		}
		list = append(list, m)
	}
	return list, true
}

// findLast returns the last member of that name, or nil.
func findLast(raw json.RawMessage, name string) json.RawMessage {
	list, _ := parseMembers(raw)
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].name == name {
			return list[i].value
		}
	}
	return nil
}

func oracleWord(raw json.RawMessage) []byte {
	if len(raw) == 0 {
		return nil
	}
	switch c := raw[0]; {
	case c == '"':
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return nil
		}
		return []byte(s)
	case c == '-' || c >= '0' && c <= '9':
		return raw
	}
	return nil
}

func oracleID(raw json.RawMessage) string {
	if id := string(oracleWord(raw)); history.Recordable(id) && id != "." && id != ".." {
		return id
	}
	return ""
}

func oracleCode(raw json.RawMessage) string {
	if code := oracleWord(raw); len(code) <= history.MaxText && !bytes.ContainsFunc(code, func(r rune) bool {
		return strings.ContainsRune(",\"\uFFFD", r) || !unicode.IsPrint(r)
	}) {
		return string(code)
	}
	return ""
}

func oracleVersion(raw json.RawMessage) int64 {
	number := string(oracleWord(raw))
	if len(number) > 50 || strings.Contains(strings.ToLower(number), "e") && len(number) > 5 {
		return api.Integer(number) // a Rat of it may be too large
	}
	v, ok := new(big.Rat).SetString(number)
	if !ok || strings.ContainsAny(number, "/_xXbBoOpP") || !v.IsInt() || !v.Num().IsInt64() {
		return 0
	}
	return max(v.Num().Int64(), 0)
}

func oracleStatus(raw json.RawMessage) string {
	if len(raw) == 0 || raw[0] != '"' {
		return ""
	}
	if status := string(oracleWord(raw)); history.Recordable(status) {
		return status
	}
	return ""
}

// oracleBoard reads a board, or returns an error where Board must.
func oracleBoard(body []byte) (records []Record, unusable int, err error) {
	if !json.Valid(body) {
		return nil, 0, errors.New("not JSON")
	}
	top, ok := parseMembers(bytes.TrimSpace(body))
	if !ok {
		return nil, 0, errors.New("no object")
	}
	found, refused, passed := false, false, false
	for _, m := range top {
		switch m.name {
		case "ok":
			refused = string(m.value) == "false"
		case "data":
			if passed {
				return nil, 0, errTwice
			}
			passed = true
			records, unusable, found, err = oracleData(m.value)
			if err != nil {
				return nil, 0, err
			}
		}
	}
	if refused || !found {
		return nil, 0, errors.New("refused or without columns")
	}
	return records, unusable, nil
}

func oracleData(raw json.RawMessage) (records []Record, unusable int, found bool, err error) {
	list, _ := parseMembers(raw)
	for i, m := range list {
		if m.name != "columns" {
			continue
		}
		if slices.ContainsFunc(list[:i], func(o member) bool { return o.name == m.name }) {
			return nil, 0, false, errTwice
		}
		var columns []member
		if columns, found = parseMembers(m.value); !found {
			continue
		}
		for _, column := range columns {
			more, bad, err := oracleColumn(column)
			if err != nil {
				return nil, 0, false, err
			}
			records, unusable = append(records, more...), unusable+bad
		}
	}
	return records, unusable, found, nil
}

func isKnownState(state string) bool {
	return slices.Contains([]string{"scheduled", "in_progress", "ready", "completed", "no_show"}, state)
}

func oracleColumn(column member) (records []Record, unusable int, err error) {
	raw := column.value
	if string(raw) == "null" {
		return nil, 0, nil
	}
	list, ok := parseMembers(raw)
	if !ok {
		return nil, 0, errors.New("a column is no object")
	}
	for i, m := range list {
		if m.name != "items" {
			continue
		}
		if slices.ContainsFunc(list[:i], func(o member) bool { return o.name == m.name }) {
			return nil, 0, errTwice
		}
		var rows []json.RawMessage
		if err := json.Unmarshal(m.value, &rows); err != nil {
			return nil, 0, err
		}
		for _, row := range rows {
			record := Record{
				ID:    oracleID(findLast(row, "id")),
				State: oracleStatus(findLast(row, "status")),
				Token: oracleVersion(findLast(row, "version")),
			}
			if isKnownState(record.State) && isKnownState(column.name) {
				record.Group = column.name
			}
			if record.ID == "" {
				unusable++
				continue
			}
			records = append(records, record)
		}
	}
	return records, unusable, nil
}

// oracleMoved reads a 2xx to an update of record 17.
func oracleMoved(body []byte) Answer {
	a := Answer{Outcome: history.Malformed, HTTP: 200, Token: history.None}
	if !json.Valid(body) {
		return a
	}
	raw := json.RawMessage(bytes.TrimSpace(body))
	data := findLast(raw, "data")
	if version := oracleVersion(findLast(data, "version")); version > 0 {
		a.Token = version
	}
	a.State = oracleStatus(findLast(data, "status"))
	if string(oracleWord(findLast(data, "appointment_id"))) == "17" && a.Token > 0 && isKnownState(a.State) && string(findLast(raw, "ok")) != "false" {
		a.Outcome = history.Applied
	}
	return a
}

// oracleRefusal reads a 409.
func oracleRefusal(body []byte) Answer {
	a := Answer{Outcome: history.Rejected, HTTP: 409, Token: history.None}
	if !json.Valid(body) {
		return a
	}
	raw := findLast(bytes.TrimSpace(body), "error")
	a.Code = oracleCode(raw)
	if _, ok := parseMembers(raw); ok {
		if code := findLast(raw, "code"); isScalar(code) {
			a.Code = oracleCode(code)
		}
		told := findLast(raw, "current_version")
		if version := oracleVersion(told); version > 0 || string(oracleWord(told)) == "0" {
			a.Token = version
		}
		state := findLast(raw, "current_status")
		if !isScalar(state) {
			state = findLast(raw, "from")
		}
		if state := oracleStatus(state); isKnownState(state) {
			a.State = state
		}
	}
	if a.Code == "version_conflict" {
		a.Outcome = history.Conflict
	}
	return a
}

// isScalar reports whether a value is a text, a number or a bool.
func isScalar(raw json.RawMessage) bool {
	return len(raw) > 0 && raw[0] != '{' && raw[0] != '[' && raw[0] != 'n'
}
