package view

import (
	"testing"
)

func TestClean(t *testing.T) {
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
		if got := CleanText(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}
