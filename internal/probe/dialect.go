package probe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/api"
)

// foreignBoard says why an answer to the board call is no board that a run
// could use, or "".
func foreignBoard(by *api.API, a *answer) string {
	switch {
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		return fmt.Sprintf(
			"it refuses access to the board (%s); --auth says how requests are authenticated, `occbench doctor` whether that works",
			a.words(),
		)
	case a.status >= 300 && a.status < 400:
		return fmt.Sprintf("it redirects the board call (HTTP %d) to %s; is that a login page?", a.status, shown(a.header.Get("Location")))
	case bytes.Contains(a.body, []byte("HTTP request to an HTTPS server")):
		return "it speaks TLS; is the target meant to begin with https://?"
	case !a.success():
		return fmt.Sprintf("it has no board: %s answers %s", a.question(), a.words())
	case looksLikeHTML(a):
		return fmt.Sprintf("it answers the board call with a web page, such as a login page: %s", excerpt(a.body))
	case !json.Valid(a.body):
		return fmt.Sprintf("its board is not JSON: %s", excerpt(a.body))
	}
	return boardDialect(&by.States, a)
}

func looksLikeHTML(a *answer) bool {
	start := bytes.ToLower(bytes.TrimSpace(a.body[:min(len(a.body), 512)]))
	return strings.Contains(a.header.Get("Content-Type"), "text/html") || bytes.HasPrefix(start, []byte("<!doctype html")) ||
		bytes.HasPrefix(start, []byte("<html"))
}

// boardDialect names the dialect of a JSON board that is not of the contract.
func boardDialect(states *api.States, a *answer) string {
	var top, data map[string]json.RawMessage
	if json.Unmarshal(a.body, &top) != nil {
		return "another dialect: the board is " + kind(a.body) + " instead of an object"
	}
	if _, bare := top["columns"]; bare {
		return "another dialect: the board comes without the envelope {ok, data}"
	}
	if top["data"] == nil {
		return "not this API: the answer to the board call has no data, only " + shown(string(a.body))
	}
	if json.Unmarshal(top["data"], &data) != nil {
		return "another dialect: data is " + kind(top["data"]) + " instead of an object with columns"
	}
	var columns map[string]json.RawMessage
	switch {
	case data["columns"] == nil:
		return "not this API: data has no columns"
	case json.Unmarshal(data["columns"], &columns) != nil || columns == nil:
		return "another dialect: columns is " + kind(data["columns"]) + " instead of an object by status"
	}
	return columnsDialect(states, columns)
}

func columnsDialect(states *api.States, columns map[string]json.RawMessage) string {
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		raw := columns[name]
		if s := lower(states, name); !states.Valid(name) && states.Valid(s) {
			return fmt.Sprintf("another dialect: the column %s is called %s", s, shown(name))
		}
		if k := kind(raw); k != "an object" && k != "null" {
			return fmt.Sprintf("another dialect: column %s is %s instead of an object with items", shown(name), k)
		}
	}
	return cardsDialect(states, columns)
}

// cardsDialect looks at all cards together. One odd row is a row; cards of which
// none has a status of the contract, or none a version, are a dialect.
func cardsDialect(states *api.States, columns map[string]json.RawMessage) string {
	cards, known, versions, spelt := 0, 0, 0, ""
	for _, raw := range columns {
		for _, card := range readItems(raw) {
			cards++
			if s := text(card["status"]); states.Valid(s) {
				known++
			} else if states.Valid(lower(states, s)) {
				spelt = s
			}
			if versioned(card["version"]) {
				versions++
			}
		}
	}
	switch {
	case known == 0 && spelt != "":
		return fmt.Sprintf("another dialect: cards have the status %s instead of %s", shown(spelt), lower(states, spelt))
	case cards > 0 && versions == 0:
		return "another dialect: no card carries a version, so there is nothing for a move to be conditional on"
	}
	return ""
}

// versioned reports whether the client can read a version: an integer, or one
// spelt in a string, as stores hand out 64-bit integers.
func versioned(raw json.RawMessage) bool {
	return api.Integer(strings.Trim(string(raw), `"`)) > 0
}

// lower returns the status of the contract that another spelling means:
// IN_PROGRESS, In-Progress and inProgress are all in_progress.
func lower(states *api.States, s string) string {
	fold := func(s string) string {
		return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(s))
	}
	for _, known := range states.Names {
		if fold(known) == fold(s) {
			return known
		}
	}
	return s
}

// kind names the JSON type of a value.
func kind(raw []byte) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return "absent"
	}
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	}
	return "a number"
}
