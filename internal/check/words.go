package check

import (
	"cmp"
	"strconv"
	"strings"
)

// Words are the nouns of an API, in the singular; an empty one stands for record,
// update or list.
type Words struct{ Record, Update, List string }

func (w Words) record() string { return cmp.Or(w.Record, "record") }
func (w Words) update() string { return cmp.Or(w.Update, "update") }
func (w Words) list() string   { return cmp.Or(w.List, "list") }

// updates returns the noun of several updates.
func (w Words) updates() string { return w.update() + "s" }

// anUpdate and aList return the noun with its article, at the start of a sentence.
func (w Words) anUpdate() string { return withArticle(w.update()) }
func (w Words) aList() string    { return withArticle(w.list()) }

func withArticle(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "An " + noun
	}
	return "A " + noun
}

// capital returns a text with a capital first letter.
func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

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
				return name.text + e.TokenText
			case e.Expected == name.number && e.ExpectedText != "":
				return name.text + e.ExpectedText
			}
		}
	}
	return "a token that no answer shows"
}

// record names the record of an anomaly: "appointment 17".
func (f *Anomaly) record() string { return f.words.record() + " " + f.Record }

// updateOf begins a sentence about one of its updates: "An update of appointment 17".
func (f *Anomaly) updateOf() string { return f.words.anUpdate() + " of " + f.record() }

// updatesOf names several of its updates: "updates of appointment 17".
func (f *Anomaly) updatesOf() string { return f.words.updates() + " of " + f.record() }
