package history

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzReader reads anything. What was accepted, written again, is the same
// file up to there, and reads as the same operations.
func FuzzReader(f *testing.F) {
	f.Add([]byte{})
	f.Add(encode(traffic(3)))
	f.Add([]byte("hello"))
	for _, test := range lines {
		f.Add([]byte(Header + "\n" + test.line + "\n" + good[:9]))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ops, _ := readAll(NewReader(bytes.NewReader(data), "fuzz"))
		if len(ops) == 0 {
			return
		}
		written := encode(ops)
		if !bytes.HasPrefix(data, written) {
			t.Errorf("written again it is\n%q\nwant the start of\n%q", written, data)
		}
		again, err := readAll(NewReader(bytes.NewReader(written), "again"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(ops, again); diff != "" {
			t.Errorf("read again (-want +got):\n%s", diff)
		}
		for i := range ops {
			if reason := ops[i].Unrecordable(); reason != "" {
				t.Errorf("operation %d could be read but not recorded: %s", i, reason)
			}
		}
	})
}

// FuzzText writes any text and reads it back.
func FuzzText(f *testing.F) {
	for _, text := range []string{"17", "-JhLeOlGIEjaIOFHR0xd", "%2C", "a,b\n\xff\u202e\"é"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !Recordable(text) {
			return
		}
		o := audit(func(o *Op) { o.Record, o.Token, o.State = text, 1, text })
		if reason := o.Unrecordable(); reason != "" {
			t.Fatal(reason)
		}
		got, err := readAll(NewReader(bytes.NewReader(encode([]Op{o})), "fuzz"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]Op{o}, got); diff != "" {
			t.Errorf("read back (-want +got):\n%s", diff)
		}
	})
}
