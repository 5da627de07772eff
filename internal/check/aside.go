package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/history"
)

// SetAside counts operations that the checker could not use. A record of which something was
// set aside is not judged to the end, so its history is never said to be clean.
type SetAside struct {
	What   string `json:"what"`
	Record string `json:"record"` // the first one
	Count  int64  `json:"count"`
}

// reason is why something is set aside.
type reason uint8

const (
	unknownState reason = iota
	scattered
	lastVersion
	noVersion
	tokensReturn
	strayToken
	noNumber
	reasons
)

var reasonWords = [reasons]string{
	unknownState: "a state that the API does not have",
	scattered:    "a version too far from all others of its record, of which there are too many to be kept",
	lastVersion:  "an update from version 9223372036854775807, after which there is no other",
	noVersion:    "a version below 0",
	tokensReturn: "an operation of a record whose tokens have no order: they may come back, " +
		"as hashes of a content do (a marker in every update helps)",
	strayToken: "an operation that shows the token of another content, or sends one of which is not known for which content it stands",
	noNumber:   "a token that is no number (check --opaque judges tokens that do not count by one)",
}

// setAside counts what is not used, and leaves the rest of the record to what
// holds whatever is missing.
func (k *record) setAside(why reason) {
	k.aside = true
	a := &k.pool.aside[why]
	if a.Count++; a.Count == 1 {
		a.What, a.Record = reasonWords[why], k.pool.tally.nameOf(k.id)
	}
}

// setAsideAll sets aside all operations of a record.
func (k *record) setAsideAll(why reason) {
	if k.ops > 0 {
		k.setAside(why)
		k.pool.aside[why].Count += int64(k.ops) - 1
	}
}

// usable reports whether the versions of an operation can be judged, and sets
// aside those that cannot.
func (k *record) usable(o *history.Op) bool {
	switch {
	case k.of == nil && (o.TokenText != "" || o.ExpectedText != ""):
		k.setAside(noNumber)
		return false
	case o.Token < history.None || o.Expected < history.None || o.Kind == history.Update && o.Expected < 0:
		k.setAside(noVersion)
		return false
	case o.Expected == never:
		k.setAside(lastVersion)
		return false
	}
	return true
}

// setAsides lists what was set aside, the most frequent first.
func (r *recordPool) setAsides() []SetAside {
	all := slices.DeleteFunc(slices.Clone(r.aside[:]), func(a SetAside) bool { return a.Count == 0 })
	slices.SortStableFunc(all, func(a, b SetAside) int { return cmp.Compare(b.Count, a.Count) })
	return all
}

// asideSentence says in a sentence what was set aside.
func asideSentence(all []SetAside) string {
	var parts []string
	for _, a := range all {
		parts = append(parts, fmt.Sprintf("%d × %s (%s first)", a.Count, a.What, a.Record))
	}
	return "not all of the history could be used: " + strings.Join(parts, "; ")
}
