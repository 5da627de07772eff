package history

// interner keeps one copy of each text of a file, so that ten million lines
// about a thousand records cost a thousand strings. It decodes a text once, when it
// first meets it.
//
// A hostile file could name a new record on every line. When the texts outgrow
// the limit the table starts afresh: such a file is read with more copies, not
// with more memory.
type interner struct {
	many   bool                // most texts are met a few times at once and never again: only the last are kept
	texts  map[string]spelling // by how they are written
	size   int
	recent [1024]spelling
}

// spelling is a text and how it is written; mostly both are one string.
type spelling struct{ written, text string }

// maxInterned bounds what the table keeps alive, in bytes; 100,000 records with
// ids of 36 bytes need 14 MB. textOverhead is what an entry costs beside its text.
const (
	maxInterned  = 32 << 20
	textOverhead = 64
)

// intern returns the one copy of a text from how it is written, which is not
// empty; false when nothing is written so. Most texts are found in the slot of
// their last three bytes, in a third of the time that the table takes.
func (t *interner) intern(written []byte) (string, bool) {
	slot := 0
	for _, c := range written[max(0, len(written)-3):] {
		slot = slot*10 + int(c)
	}
	recent := &t.recent[slot%len(t.recent)]
	if recent.written == string(written) {
		return recent.text, true
	}
	if t.many {
		copied := string(written)
		text, ok := decodeText(copied)
		if ok {
			*recent = spelling{copied, text}
		}
		return text, ok
	}
	known, ok := t.texts[string(written)]
	if !ok {
		known, ok = t.add(string(written))
	}
	if ok {
		*recent = known
	}
	return known.text, ok
}

func (t *interner) add(written string) (spelling, bool) {
	text, ok := decodeText(written)
	if !ok {
		return spelling{}, false
	}
	size := len(written) + len(text) + textOverhead
	t.size += size
	if t.texts == nil || t.size > maxInterned {
		t.texts, t.size = make(map[string]spelling), size
	}
	t.texts[written] = spelling{written, text}
	return t.texts[written], true
}
