package sanitize

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"plain – ünïcödé 漢字":     "plain – ünïcödé 漢字",
		"\x1b[2Jgone":            "�[2Jgone",
		"a\r\nb\tc":              "a� b c",
		"\u202eSSAP":             "�SSAP",
		"zero\u200bwidth":        "zero�width",
		"bad \xff byte":          "bad � byte",
		"c1 \u009b31m":           "c1 �31m",
		"para\u2029graph\u00a0x": "para�graph x",
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTexts(t *testing.T) {
	type leaf struct{ Text string }
	type tree struct {
		Text    string
		Named   leafName
		List    []string
		Pointer *leaf
		Map     map[string]leaf
		Any     any
		Numbers []float64
		Nothing *leaf
		hidden  string
	}
	const dirty, clean = "a\x1b", "a�"
	got := tree{dirty, dirty, []string{dirty}, &leaf{dirty}, map[string]leaf{dirty: {dirty}}, []any{dirty, leaf{dirty}, 7}, []float64{1}, nil, dirty}
	Texts(&got)
	want := tree{clean, clean, []string{clean}, &leaf{clean}, map[string]leaf{clean: {clean}}, []any{clean, leaf{clean}, 7}, []float64{1}, nil, dirty}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(tree{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

type leafName string
