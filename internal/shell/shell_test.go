package shell

import (
	"os/exec"
	"testing"
)

// A shell gives back each word as it was.
func TestWords(t *testing.T) {
	for _, text := range []string{"", "plain/path-1.2:x=y,z@w", "two words", "it's", "$HOME `id` \"x\" \\", "a\nb", "é", "*"} {
		for _, word := range []string{QuoteIfNeeded(text), Quote(text)} {
			got, err := exec.Command("sh", "-c", "printf %s "+word).Output()
			if err != nil || string(got) != text {
				t.Errorf("%q is written %s and read %q, %v", text, word, got, err)
			}
		}
	}
	if got := QuoteIfNeeded("plain/path-1.2:x=y,z@w"); got != "plain/path-1.2:x=y,z@w" {
		t.Errorf("a plain word is quoted: %s", got)
	}
}
