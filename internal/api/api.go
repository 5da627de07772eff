// Package api is an API file compiled: how the records of one HTTP interface
// are made, listed, read and updated, and what its answers mean.
//
// It is the only place that knows paths, field names and status codes. What a
// file says is compiled once: requests become byte segments that are appended
// to a buffer, and all places of one answer become a trie over the keys of its
// JSON, which is walked once without an allocation. A file holds no expressions
// and no loops, so a reader sees all that it does.
//
// The package sends nothing.
package api

import (
	"strconv"
	"strings"

	"github.com/occbench/occbench/internal/noun"
)

// API is one compiled API file. It is immutable and safe for concurrent use.
type API struct {
	Name     string
	Words    noun.Words
	Counting bool // tokens are integers that rise by one; else any texts, of which only equality means something
	// Marked says that an update writes its marker into the record, and that the
	// read or the list shows it.
	Marked  bool
	Auth    string // how requests are authenticated, such as sigv4:service=s3; empty: as the user says
	Metrics bool   // its servers publish their attempts and conflicts in CloudWatch
	Trace   string // the header that comes back as it was sent, in canonical form; empty: none does
	States  States
	Headers []Header // sent with every request
	Build   string   // the header in which every answer names its build, in canonical form; empty: none does
	Health  *Health
	List    *List // nil only where Read is not
	Read    *Read
	Update  Update
	IDs     *template // of the ids that the client gives to records; nil: the server names them
	Seed    *Seed     // nil: the file makes no records
	Extra   []Extra   // calls beside these, which the probe makes
}

// RecordID returns the id of the client's record n; empty where the server names
// records.
func (a *API) RecordID(tag string, n int) string {
	if a.IDs == nil {
		return ""
	}
	id, err := a.IDs.append(nil, &Vars{Tag: tag, Number: n})
	if err != nil { // a tag and a number fit into any text
		return ""
	}
	return string(id)
}

// RecordNumber returns which of the client's records an id names; ok is false for
// one that is not the client's.
func (a *API) RecordNumber(tag, id string) (n int, ok bool) {
	const sentinel = 918273645
	before, after, found := strings.Cut(a.RecordID(tag, sentinel), strconv.Itoa(sentinel))
	rest, begins := strings.CutPrefix(id, before)
	number, ends := strings.CutSuffix(rest, after)
	n, err := strconv.Atoi(number)
	return n, found && begins && ends && err == nil && a.RecordID(tag, n) == id
}
