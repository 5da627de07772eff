package run

import (
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "",
		"20":                              "20",
		"http://127.0.0.1:8080":           "http://127.0.0.1:8080",
		"http://me@127.0.0.1:8080/a":      "http://xxxxx@127.0.0.1:8080/a", // a token, perhaps
		"http://me:pw@127.0.0.1:8080/a":   "http://xxxxx@127.0.0.1:8080/a",
		"postgres://me@h/db":              "postgres://me@h/db",
		"postgres://me:p@w/x@h/db":        "postgres://me:xxxxx@h/db",
		"postgres://h/db?password=pw&a=b": "postgres://h/db?password=xxxxx&a=b",
		"host=h password='p w' user=me":   "host=h password=xxxxx user=me",
		"shop.db":                         "shop.db",
	} {
		if got := Redact(text); got != want {
			t.Errorf("%s is shown as %s, want %s", text, got, want)
		}
	}
}

func TestTargetsThatAFileMayShow(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"http://127.0.0.1:8080", ""},
		{"https://shop.example.com/stage/", ""},
		{"http://[::1]:8080", ""},
		{"https://anna:secret@shop.example.com", "it holds credentials"},
		{"https://anna@shop.example.com", "it holds credentials"},
		{"https://anna:secr et@shop.example.com", "it holds credentials"},
		{"http://anna:sec/ret@shop.example.com", "it holds credentials"},
		{"https://shop.example.com:secret", "it is not a URL"},
		{"https://shop.example.com/?token=secret", "want a base URL"},
		{"https://shop.example.com/?", "want a base URL"},
		{"https://shop.example.com/#secret", "want a base URL"},
		{"ftp://shop.example.com", "want http:// or https:// and a host"},
		{"shop.example.com", "want http:// or https:// and a host"},
		{"http://:8080", "want http:// or https:// and a host"},
		{"", ""},
	} {
		err := checkShown(test.text)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.text, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: error %v, want one with %q", test.text, err, test.want)
		case err != nil && (strings.Contains(err.Error(), "sec") || strings.Contains(err.Error(), "anna")):
			t.Errorf("the error tells a secret: %v", err)
		}
	}
}
