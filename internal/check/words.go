package check

import (
	"slices"
	"strconv"
	"strings"

	"github.com/occbench/occbench/internal/history"
)

// capitalize returns a text with a capital first letter.
func capitalize(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// version names a version: "version 5" where tokens count by one, else by a token
// that one of the operations shows.
func (f *Anomaly) version(number int64) string {
	if !f.opaque {
		return "version " + strconv.FormatInt(number, 10)
	}
	for _, name := range []struct {
		number int64
		text   string
	}{{number, "token "}, {number - 1, "the successor of token "}} {
		for i := range f.Operations {
			e := &f.Operations[i]
			switch {
			case e.Token == name.number && e.TokenText != "":
				return name.text + tokenHead(e.TokenText)
			case e.Expected == name.number && e.ExpectedText != "":
				return name.text + tokenHead(e.ExpectedText)
			}
		}
	}
	return "a token that no answer shows"
}

// record names the record of an anomaly: "appointment 17".
func (f *Anomaly) record() string { return f.words.One() + " " + f.Record }

// updateOf begins a sentence about one of its updates: "An update of appointment 17".
func (f *Anomaly) updateOf() string { return capitalize(f.words.AnUpdate()) + " of " + f.record() }

// updatesOf names several of its updates: "updates of appointment 17".
func (f *Anomaly) updatesOf() string { return f.words.Updates() + " of " + f.record() }

// count counts the operations with an outcome.
func (f *Anomaly) count(outcome history.Outcome) (n int) {
	for i := range f.Operations {
		if f.Operations[i].Outcome == outcome {
			n++
		}
	}
	return n
}

// one returns the first operation of an update with the outcome; every proof of
// the invariants that ask has one.
func (f *Anomaly) one(outcome history.Outcome) *Evidence {
	i := slices.IndexFunc(f.Operations, func(e Evidence) bool { return e.Kind == history.Update && e.Outcome == outcome })
	return &f.Operations[max(0, i)]
}

// statuses lists the states that a version shows.
func (f *Anomaly) statuses(version int64) string {
	var all []string
	for i := range f.Operations {
		if e := &f.Operations[i]; e.Token == version && e.State != "" && f.states.code(e.State) != 0 {
			all = append(all, e.State)
		}
	}
	slices.Sort(all)
	return join(slices.Compact(all))
}

func join(words []string) string {
	text := ""
	for i, word := range words {
		if i > 0 {
			text += " and "
		}
		text += word
	}
	return text
}

// showSame reports whether two operations show the same token.
func (f *Anomaly) showSame(a, b *Evidence) bool {
	if f.opaque {
		return a.TokenText != "" && a.TokenText == b.TokenText
	}
	return a.Token != history.None && a.Token == b.Token
}

// shownBy names the token that an operation shows.
func (f *Anomaly) shownBy(e *Evidence) string {
	if f.opaque {
		return "token " + tokenHead(e.TokenText)
	}
	return f.version(e.Token)
}

// sentBy names the token that an operation sent.
func (f *Anomaly) sentBy(e *Evidence) string {
	if f.opaque {
		return "token " + tokenHead(e.ExpectedText)
	}
	return f.version(e.Expected)
}

// sightOf returns the operation that shows the marker of an attempt; nil without.
func (f *Anomaly) sightOf(attempt *Evidence) *Evidence {
	for i := range f.Operations {
		if e := &f.Operations[i]; e.Kind != history.Update && e.Marker != "" && e.Marker == attempt.Marker {
			return e
		}
	}
	return nil
}
