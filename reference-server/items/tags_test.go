package items

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/reference-server/store"
)

func TestParseTags(t *testing.T) {
	for header, want := range map[string][]string{
		`"a"`:                      {`"a"`},
		`"a","b"`:                  {`"a"`, `"b"`},
		` "a,b" ,	W/"c" , ,""`:     {`"a,b"`, `W/"c"`, `""`},
		``:                         nil,
		`,`:                        nil,
		`a`:                        nil,
		`"a`:                       nil,
		`"a" "b"`:                  nil,
		`"a"b`:                     nil,
		`w/"a"`:                    nil,
		`*, "a"`:                   nil,
		`W/`:                       nil,
		"\"tab\tand \\ are text\"": {"\"tab\tand \\ are text\""},
	} {
		got, ok := parseTags(header)
		if ok != (want != nil) || ok && !cmp.Equal(want, got) {
			t.Errorf("%s: %q, %v; want %q", header, got, ok, want)
		}
	}
}

// FuzzParseTags wants every tag of a list that is read to be read again alone.
func FuzzParseTags(f *testing.F) {
	f.Add(`"a", W/"b"`)
	f.Fuzz(func(t *testing.T, header string) {
		tags, ok := parseTags(header)
		if !ok {
			return
		}
		again, ok := parseTags(strings.Join(tags, ","))
		if !ok || !cmp.Equal(tags, again) {
			t.Errorf("%q is read as %q, and these as %q", header, tags, again)
		}
	})
}

// A tag stands for its own item and version alone.
func TestOpaque(t *testing.T) {
	is := store.Item{ID: 7, Version: 3}
	tag := Opaque{}.Tag(nil, is)
	if got := (Opaque{}).Version(nil, tag, is); got != 3 {
		t.Errorf("%s stands for version %d, want 3", tag, got)
	}
	if got := (Opaque{}).Version(nil, tag, store.Item{ID: 7, Version: 9}); got != 3 {
		t.Errorf("an older tag stands for version %d, want 3", got)
	}
	for _, other := range []string{"W/" + tag, strings.Trim(tag, `"`), `"` + tag[2:], `""`, `"AAAAAAAAAAAAAAAAAAAAAA"`, QuoteTag(8, 3), QuoteTag(7, 0), QuoteTag(7, -3)} {
		if got := (Opaque{}).Version(nil, other, is); got != Unknown {
			t.Errorf("%s stands for version %d", other, got)
		}
	}
}

func FuzzOpaque(f *testing.F) {
	f.Add(int64(1), int64(1), `"x"`)
	f.Fuzz(func(t *testing.T, id, version int64, text string) {
		is := store.Item{ID: id, Version: version}
		if got := (Opaque{}).Version(nil, QuoteTag(id, version), is); version > 0 && got != version {
			t.Errorf("the tag of %d stands for %d", version, got)
		}
		if got := (Opaque{}).Version(nil, text, is); got != Unknown && text != QuoteTag(id, got) {
			t.Errorf("%q stands for %d", text, got)
		}
	})
}
