package view

import (
	"testing"
)

func TestQuoted(t *testing.T) {
	for in, want := range map[string]string{
		"": "''", "plain": "plain", "http://host:1/a": "http://host:1/a", "two words": "'two words'", "$(x)": "'$(x)'", "it's": `'it'\''s'`,
	} {
		if got := quoted(in); got != want {
			t.Errorf("quoted(%q) = %s, want %s", in, got, want)
		}
	}
}
