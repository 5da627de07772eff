package client

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/occbench/occbench/internal/api/apitest"
)

// isIncomparable keeps the fuzzers from the depth at which both parsers give up, not
// at quite the same level, and from broken UTF-8, of which encoding/json makes
// replacement characters where an id has to stay the id that it is.
func isIncomparable(body []byte) bool {
	return !utf8.Valid(body) || bytes.Count(body, []byte("["))+bytes.Count(body, []byte("{")) > 9000
}

// FuzzList: List accepts what encoding/json accepts, and reads the same.
func FuzzList(f *testing.F) {
	by := apitest.Appointments(f)
	f.Add(boardBody(f, 3))
	for _, tt := range boards {
		f.Add([]byte(tt.body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if isIncomparable(body) {
			t.Skip("both parsers need not agree on it")
		}
		want, unusable, wantErr := oracleBoard(body)
		var board List
		err := scan(by, &board, body)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("read: error %v, the oracle says %v", err, wantErr)
		}
		if err != nil {
			return
		}
		if diff := cmp.Diff(want, recordsOf(&board), cmpopts.EquateEmpty()); diff != "" || unusable != len(board.Unusable) {
			t.Fatalf("%d unusable, want %d; records (-want +got):\n%s", len(board.Unusable), unusable, diff)
		}
	})
}

// FuzzUpdate: what a body says of an update is what encoding/json finds in it.
func FuzzUpdate(f *testing.F) {
	by := apitest.Appointments(f)
	for _, tt := range moves {
		f.Add([]byte(tt.body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if isIncomparable(body) {
			t.Skip("both parsers need not agree on it")
		}
		for status, want := range map[int]Answer{200: oracleMoved(body), 409: oracleRefusal(body)} {
			got := ClassifyAnswer(by, "17", status, body)
			if diff := cmp.Diff(want, got, ignoreTimes, cmpopts.IgnoreFields(Answer{}, "RetryAfter")); diff != "" {
				t.Errorf("HTTP %d (-want +got):\n%s", status, diff)
			}
		}
	})
}
