package history

// interner keeps one copy of each text of a file, so that ten million lines
// about a thousand cards cost a thousand strings. It validates a text once,
// when it first meets it.
//
// A hostile file could name a new card on every line. When the texts outgrow
// the limit the table starts afresh: such a file is read with more copies, not
// with more memory.
type interner struct {
	texts  map[string]string
	size   int
	recent [1024]string
}

// maxInterned bounds what the table keeps alive, in bytes; 100,000 cards with
// ids of 36 bytes need 10 MB. textOverhead is what an entry costs beside its text.
const (
	maxInterned  = 32 << 20
	textOverhead = 64
)

// intern returns the one copy of a text that is not empty; false when it is not
// recordable. Most texts are found in the slot of their last three bytes, in a
// third of the time that the table takes.
func (t *interner) intern(text []byte) (string, bool) {
	slot := 0
	for _, c := range text[max(0, len(text)-3):] {
		slot = slot*10 + int(c)
	}
	recent := &t.recent[slot%len(t.recent)]
	if *recent == string(text) {
		return *recent, true
	}
	s, ok := t.texts[string(text)]
	if !ok {
		s, ok = t.add(string(text))
	}
	if ok {
		*recent = s
	}
	return s, ok
}

func (t *interner) add(s string) (string, bool) {
	if !Recordable(s) {
		return "", false
	}
	t.size += len(s) + textOverhead
	if t.texts == nil || t.size > maxInterned {
		t.texts, t.size = make(map[string]string), len(s)+textOverhead
	}
	t.texts[s] = s
	return s, true
}
