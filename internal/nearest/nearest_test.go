package nearest

import "testing"

func TestQuestion(t *testing.T) {
	names := []string{"conflict", "applied", "put", "get"}
	for word, want := range map[string]string{
		"conflicts": "; did you mean conflict?", "aplied": "; did you mean applied?", "pt": "; did you mean put?", "xyz": "", "": "", "ok": "",
	} {
		if got := Question(word, names); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}
