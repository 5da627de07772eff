// Package noun holds the nouns of an API: what people who use it call a record, an
// update of one, and the list that shows many.
//
// Its opinion: a reader should meet the words of the API under test, and a program
// that does not know them says record, update and list.
package noun

import (
	"cmp"
	"strings"

	"github.com/occbench/occbench/internal/amount"
)

// Words are the nouns of an API in the singular; an empty one stands for record,
// update or list. Plurals add an s.
type Words struct{ Record, Update, List string }

// AnUpdate and AList return the noun behind its article: "a move".
func (w Words) AnUpdate() string { return WithArticle(w.Change()) }
func (w Words) AList() string    { return WithArticle(w.Listing()) }

// One, Change and Listing return the nouns in the singular.
func (w Words) One() string     { return cmp.Or(w.Record, "record") }
func (w Words) Change() string  { return cmp.Or(w.Update, "update") }
func (w Words) Listing() string { return cmp.Or(w.List, "list") }

// Records and Updates return the plurals.
func (w Words) Records() string { return w.One() + "s" }
func (w Words) Updates() string { return w.Change() + "s" }

// CountRecords and CountUpdates return a count with its noun: "1,024 moves".
func (w Words) CountRecords(n int) string { return amount.Plural(n, w.One(), w.Records()) }
func (w Words) CountUpdates(n int) string { return amount.Plural(n, w.Change(), w.Updates()) }

// WithArticle returns a noun behind its article.
func WithArticle(noun string) string {
	if strings.ContainsAny(noun[:1], "aeiouAEIOU") {
		return "an " + noun
	}
	return "a " + noun
}
