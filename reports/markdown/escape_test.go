package markdown

import (
	"testing"
)

func TestCode(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain": "` plain `", "a`b": "`` a`b ``", "``` x": "```` ``` x ````", "a|b": "` a¦b `",
	} {
		if got := formatCode(in); got != want {
			t.Errorf("code(%q) = %q, want %q", in, got, want)
		}
	}
	if got := codeBlock("sh", []string{"a", "````", "b"}); got != "`````sh\na\n````\nb\n`````\n" {
		t.Errorf("%q", got)
	}
}
