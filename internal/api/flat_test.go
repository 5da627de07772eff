package api

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/go-faster/jx"
)

// What flat reads of an object is what jx reads of it, and it reads none that jx refuses.
func TestFlat(t *testing.T) {
	list := appointments(t).List
	draws, flat := rand.New(rand.NewPCG(1, 2)), 0
	const base = `{"id":"17","version": 3 ,"status":"ready","position":0,"notes":null,"ok":true,"updated_at":"2026-11-23","x":{"id":"8"}}, {"id":"9"}`
	signs := []string{`"`, `\`, "{", "}", "[", "]", ",", ":", " ", "\n", "0", "7", "-", ".", "e", "null", "false", "ä", "\x01", "\xff", `"id":1,`, `"x":`}
	show := func(values []value) (text string) {
		for _, v := range values {
			text += fmt.Sprintf("%s %q ", v.kind, v.text)
		}
		return text
	}
	for range 60_000 {
		text := []byte(base)
		if draws.IntN(4) > 0 {
			text = bytes.Replace(text, []byte(`,"x":{"id":"8"}`), nil, 1)
		}
		for range draws.IntN(4) {
			at, length := draws.IntN(len(text)), draws.IntN(3)
			text = slices.Replace(text, at, min(at+length, len(text)), []byte(signs[draws.IntN(len(signs))])...)
		}
		var is, want Scratch
		is.scanFor(&list.record.reader)
		is.terse = draws.IntN(2) == 0
		length, ok := is.readFlat(text, list.record.root)
		if !ok {
			continue
		}
		flat++
		if whole := measureValue(text); whole != length {
			t.Fatalf("%s: it has %d bytes, want %d", text, length, whole)
		}
		var d jx.Decoder
		want.scanFor(&list.record.reader)
		want.terse = is.terse
		if err := want.readWhole(&d, text[:length], list.record.root); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		read := show(want.values)
		clone := slices.Clone(text[:length])
		is.rebaseValues(text, clone)
		clear(text)
		if got := show(is.values); got != read {
			t.Fatalf("%s: read %s, want %s", clone, got, read)
		}
	}
	if flat < 5_000 {
		t.Errorf("%d objects were flat", flat)
	}
}
