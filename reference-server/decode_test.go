package refserver

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

func decodeMove(body []byte) (store.Move, *refusal) {
	var m store.Move
	members, finish := moveMembers(&m)
	if err := decodeMembers(body, members); err != nil {
		return m, err
	}
	return m, finish()
}

// FuzzMove checks the reader of a move's body against encoding/json: what it
// accepts, the other reads as one document with the same values; what it refuses
// it refuses in words.
func FuzzMove(f *testing.F) {
	for _, seed := range []string{
		`{"new_status":"in_progress","expected_version":3,"position":0}`,
		`{"new_status":"ready","expected_version":0,"new_position":2147483647}`,
		`{"new_status":"ready","expected_version":-0}`,
		`{"new_\u0073tatus":"re\u0061dy","expected_version":1,"position":null}`,
		`{"new_status":"ready","expected_version":1.0}`,
		`{"new_status":"ready","expected_version":"1"}`,
		`{"new_status":"ready","expected_version":1}}`,
		`{"new_status":"ready","expected_version":01}`,
		`{"new_status":"\ud800","expected_version":1}`,
		`{"a":{"b":[[[[1]]]]},"new_status":"ready","expected_version":9223372036854775807}`,
		`[]`, `null`, `{`, ``, "\xef\xbb\xbf{}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		m, refused := decodeMove(body)
		if refused != nil {
			if refused.Code != appointment.ValidationError || refused.Message == "" {
				t.Fatalf("refused with %+v", refused)
			}
			return
		}
		if !m.To.IsValid() || m.Expected < 0 || m.Position != nil && *m.Position < 0 {
			t.Fatalf("accepted %+v", m)
		}
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		var doc map[string]any
		if err := d.Decode(&doc); err != nil {
			t.Fatalf("accepted what encoding/json refuses: %v", err)
		}
		if _, err := d.Token(); err != io.EOF {
			t.Fatalf("accepted something after the document: %v", err)
		}
		version, err := doc["expected_version"].(json.Number).Int64()
		if err != nil || version != m.Expected || doc["new_status"] != string(m.To) {
			t.Fatalf("read %+v from %v", m, doc)
		}
	})
}
