package api

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// What the commands print is what the reader reads.
func TestShellCommands(t *testing.T) {
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("there is no jq")
	}
	dir := t.TempDir()
	head, body := filepath.Join(dir, "head"), filepath.Join(dir, "body")
	for place, tt := range map[string]struct{ head, body, want string }{
		"$.data.version":             {body: `{"data":{"version":7}}`, want: "7\n"},
		"$['a b'].c[1]":              {body: `{"a b":{"c":[1,"x"]}}`, want: "x\n"},
		"header:ETag":                {head: "HTTP/1.1 200 OK\r\nEtag: \"a:b\"\r\n\r\n", want: "\"a:b\"\n"},
		"$.kvs[0].value|base64|$.op": {body: `{"kvs":[{"value":"eyJvcCI6Im0xIn0="}]}`, want: "m1\n"},
		"re:/<v>([0-9]+)</":          {body: "<x><v>42</v></x>", want: "42\n"},
		"$._rev|re:/^([0-9]+)-/":     {body: `{"_rev":"12-abc"}`, want: "12\n"},
	} {
		p, err := newPlace(newReader(), place)
		if err != nil {
			t.Fatal(err)
		}
		command, ok := field{p}.command(head, body)
		if !ok {
			t.Errorf("%s has no command", place)
			continue
		}
		for name, text := range map[string]string{head: tt.head, body: tt.body} {
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, err := exec.Command("sh", "-c", command).CombinedOutput()
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: %s printed %q, %v; want %q", place, command, got, err, tt.want)
		}
	}
}
