package check

import (
	"fmt"
	"slices"

	"github.com/occbench/occbench/internal/history"
)

var regression = Invariant{
	ID:        OCC08,
	Title:     "version regression or gap",
	Statement: "Tokens never go back, and each was made by one attempt; versions rise by one per update.",
	Why: "A version that goes back makes old reads valid again, and a stale update wins. A version that no attempt asked " +
		"for means that another writer bypasses the protocol, or that one request was applied twice.",
	Fix: "Let nothing but the conditional UPDATE write the version column: look for second endpoints, background jobs and " +
		"triggers, for requests that are applied twice, and for code that resets or re-creates a row. Where others really " +
		"update these records, say so with --shared-records.",
	sentence: func(f *Anomaly) string {
		low, high := f.Tokens[0], f.Tokens[len(f.Tokens)-1]
		if f.across {
			return f.cameBack()
		}
		if f.wentBack {
			return fmt.Sprintf("%s went back from %s to %s.", capitalize(f.record()), f.version(high), f.version(low))
		}
		return fmt.Sprintf("%s got %s although no %s of the run can have made it.", capitalize(f.record()), f.version(high),
			f.words.Change())
	},
}

// cameBack says which token was there within the time of another family of tokens.
func (f *Anomaly) cameBack() string {
	var within, around []string
	for i := range f.Operations {
		e := &f.Operations[i]
		name := f.shownBy(e)
		if e.TokenText == "" {
			name = f.sentBy(e)
		}
		to := &around
		if e.Token == history.None && e.Expected == history.None {
			to = &within
		}
		if !slices.Contains(*to, name) {
			*to = append(*to, name)
		}
	}
	if len(around) < 2 {
		return fmt.Sprintf("%s had %s again after it had had %s.", capitalize(f.record()), join(around), join(within))
	}
	return fmt.Sprintf("%s had %s in between %s, which follow each other.", capitalize(f.record()), join(within), join(around))
}

// findGap looks at the versions between two rows. When the later one is there,
// they were there too, and no attempt asked for them.
func (v *view) findGap(t *tally, i int, p past) {
	from, to := v.row[i-1].to+1, v.row[i].from-1
	if !p.needsOwner(v.row[i].hi) {
		return
	}
	if v.shared {
		t.countForeign(to - from + 1)
		return
	}
	v.bad = true
	t.addGap(suspect{record: v.record.id, version: from, to: to, other: v.witnessOf(i), from: none, closed: true}, unasked)
}
