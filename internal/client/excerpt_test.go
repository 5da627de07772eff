package client_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/occbench/occbench/internal/client"
)

func FuzzExcerptOfATarget(f *testing.F) {
	for _, seed := range []string{"", "plain", "\x1b[2J\x07bell", `{"password":"hunter2hunter2","x":1}`, "Authorization: Bearer abcdefghijk", "\xff\xfe", strings.Repeat("ä", 1000)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got := client.Excerpt(body)
		if n := utf8.RuneCountInString(got); n > 161 || !utf8.ValidString(got) || strings.ContainsAny(got, "\x1b\n\r\x00") {
			t.Errorf("the excerpt of %q is %q", body, got)
		}
		if strings.Contains(string(body), "hunter2hunter2") && strings.Contains(got, `password":"hunter2`) {
			t.Errorf("the excerpt %q shows a secret", got)
		}
	})
}
