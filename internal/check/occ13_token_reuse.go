package check

import (
	"fmt"
	"slices"

	"github.com/occbench/occbench/internal/check/lineage"
	"github.com/occbench/occbench/internal/history"
)

var tokenReuse = Invariant{
	ID:        OCC13,
	Title:     "token reuse",
	Statement: "A token is never given to two different contents of a record.",
	Why: "A client sends the token to say what it has read. Where another content has the same token, the server cannot " +
		"tell that the client's view is out of date, and the update overwrites a change that its sender never saw.",
	Fix: "Make the token from something that is new with every write: a counter or a random value that the same statement " +
		"writes, or a hash of the whole content. A time of one second, or of one millisecond, is the same for two writes " +
		"within it.",
	sentence: (*Anomaly).reuseSentence,
}

// reuseSentence says which contents a token stands for: those that two updates wrote, that two reads
// showed, or that were there before and after an update.
func (f *Anomaly) reuseSentence() string {
	for i := range f.Operations {
		a := &f.Operations[i]
		for j := range i {
			b := &f.Operations[j]
			again := f.showSame(a, b) && (a.Marker != b.Marker || a.Target != b.Target)
			switch {
			case again && a.Outcome == history.Applied && b.Outcome == history.Applied:
				return fmt.Sprintf("%d %s wrote different contents, and all of them were confirmed with %s.",
					f.count(history.Applied), f.updatesOf(), f.shownBy(a))
			case again && a.Kind != history.Update && b.Kind != history.Update:
				return fmt.Sprintf("%s was shown with %s for two different contents.", capitalize(f.record()), f.shownBy(a))
			case b.Kind == history.Update && a.Kind != history.Update && a.Marker == b.Marker && f.sentBy(b) == f.shownBy(a):
				return fmt.Sprintf("%s from %s was applied, and %s has still the same token: it stands for two contents.",
					f.updateOf(), f.sentBy(b), f.record())
			}
		}
	}
	o := &f.Operations[len(f.Operations)-1]
	return fmt.Sprintf("%s got %s again, which an earlier %s had named: it stands for two contents.",
		capitalize(f.record()), f.shownBy(o), f.words.Change())
}

// explain names the reuse of a token as the cause of an update that was lost with it.
func (f *Anomaly) explain(n *lineage.Numbering) {
	if f.ID != OCC01 || n == nil {
		return
	}
	if slices.ContainsFunc(f.Operations, func(e Evidence) bool { return n.IsReused(f.Record, e.ExpectedText) }) {
		f.Cause, f.Fix = OCC13, tokenReuse.Fix
		f.Sentence += " The server gives one token to several contents (OCC-13), so it cannot tell that one of them was out of date."
	}
}
