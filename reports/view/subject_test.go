package view

import (
	"testing"

	"github.com/occbench/occbench/internal/shell"
)

func TestQuoted(t *testing.T) {
	for in, want := range map[string]string{
		"": "''", "plain": "plain", "http://host:1/a": "http://host:1/a", "two words": "'two words'", "$(x)": "'$(x)'", "it's": `'it'\''s'`,
	} {
		if got := shell.QuoteIfNeeded(in); got != want {
			t.Errorf("shell.Word(%q) = %s, want %s", in, got, want)
		}
	}
}
