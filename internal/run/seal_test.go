package run

import (
	"os"
	"strings"
	"testing"
)

func TestSeal(t *testing.T) {
	dir, err := Create(t.TempDir(), noon)
	if err != nil {
		t.Fatal(err)
	}
	type content struct {
		Text  string   `json:"text"`
		Empty []string `json:"empty"`
	}
	const name = "anomalies.json"
	if err := dir.WriteSealed(name, content{Text: "a \"seal\": <&>", Empty: []string{}}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(dir.File(name))
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		text    string
		changed bool
	}{
		"as written":     {string(whole), false},
		"another text":   {strings.Replace(string(whole), "a ", "b ", 1), true},
		"one blank more": {strings.Replace(string(whole), "{\n", "{ \n", 1), true},
		"another seal":   {strings.Replace(string(whole), "xxh64:", "xxh64:0", 1), true},
		"reformatted":    {strings.ReplaceAll(string(whole), "\n", ""), true},
		"no seal at all": {`{"text": "b"}`, false},
	} {
		if err := os.WriteFile(dir.File(name), []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		var got content
		changed, err := dir.ReadSealed(name, &got)
		if err != nil || changed != c.changed || got.Text == "" {
			t.Errorf("%s: changed %v, %+v, %v", what, changed, got, err)
		}
	}
}
