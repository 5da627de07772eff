package client

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/go-faster/jx"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// incomparable keeps the fuzzers from the depth at which both parsers give up, not
// at quite the same level, and from broken UTF-8, of which encoding/json makes
// replacement characters where an id has to stay the id that it is.
func incomparable(body []byte) bool {
	return !utf8.Valid(body) || bytes.Count(body, []byte("["))+bytes.Count(body, []byte("{")) > 9000
}

// FuzzBoard: Board accepts what encoding/json accepts, and reads the same.
func FuzzBoard(f *testing.F) {
	f.Add(boardBody(f, 3))
	for _, tt := range boards {
		f.Add([]byte(tt.body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if incomparable(body) {
			t.Skip("both parsers need not agree on it")
		}
		want, unusable, wantErr := oracleBoard(body)
		var board List
		err := board.read(jx.DecodeBytes(body))
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("read: error %v, the oracle says %v", err, wantErr)
		}
		if err != nil {
			return
		}
		if diff := cmp.Diff(want, board.Records, cmpopts.EquateEmpty()); diff != "" || unusable != len(board.Unusable) {
			t.Fatalf("%d unusable, want %d; cards (-want +got):\n%s", len(board.Unusable), unusable, diff)
		}
	})
}

// FuzzMove: what a body says of a move is what encoding/json finds in it.
func FuzzMove(f *testing.F) {
	for _, tt := range moves {
		f.Add([]byte(tt.body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if incomparable(body) {
			t.Skip("both parsers need not agree on it")
		}
		want, wantErr := oracleMoved(body)
		got, err := readMoved(jx.DecodeBytes(body))
		if (err == nil) != (wantErr == nil) || err == nil && got != want {
			t.Errorf("moved: %+v, %v; the oracle says %+v, %v", got, err, want, wantErr)
		}
		if got, want := readRefusal(jx.DecodeBytes(body)), oracleRefusal(body); got != want {
			t.Errorf("refusal: %+v, the oracle says %+v", got, want)
		}
	})
}
