package ux

import (
	"strings"
	"testing"
)

const twoLines = Head + "\n" + `{"what":"gesture","person":1001,"n":1,"gesture":"conflict","card":"17","from":"scheduled","to":"in_progress","version":4,"rival":{"outcome":"applied","version":5,"status":"in_progress"},"moves":[{"outcome":"conflict","http":409,"version":5,"status":"in_progress","expected":4,"injected":false}],"settled":true,"told":"conflict","shown":{"moving":false,"times":1,"status":"in_progress","version":5},"server":{"status":"in_progress","version":5},"unread":"","equal_ms":12.5,"late":[],"missing":[],"twice":[],"toasts":[{"kind":"conflict","card":"17","after":3}]}
{"what":"page","person":1001,"state":"ready","opened_ms":812.5,"turns":1,"lcp":64,"inp":null,"interactions":1}
`

func TestRead(t *testing.T) {
	cases := []struct {
		name, text string
		conflicts  int
		failures   int
		err        string
	}{
		{"what a run wrote", twoLines, 1, 0, ""},
		{"nothing", "", 0, 0, ""},
		{"a last line that was cut off", twoLines + `{"what":"gest`, 1, 0, ""},
		{"a board that never came", `{"what":"page","person":1001,"state":"loading"}` + "\n", 0, 1, ""},
		{"a browser that died", `{"what":"failure","person":1001,"why":"crash"}` + "\n", 0, 1, ""},
		{"no JSON", twoLines + "moved\n", 0, 0, "reading ux.ndjson:4: invalid character"},
		{"a newer format", `{"what":"head","format":2}` + "\n", 0, 0, "ux.ndjson:1: the file is of format 2, this occbench reads up to 1"},
		{"another kind of line", `{"what":"mouse"}` + "\n", 0, 0, `what "mouse" is none of`},
		{"a number that is text", `{"what":"gesture","version":"4"}` + "\n", 0, 0, "reading ux.ndjson:1"},
		{"a line without an end in sight", `{"what":"` + strings.Repeat("x", maxLine) + `"}` + "\n", 0, 0, "longer than"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n, err := Read(strings.NewReader(c.text), "ux.ndjson")
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error %v, want …%s…", err, c.err)
				}
				return
			}
			if err != nil || n.Conflicts.Recovered != c.conflicts || len(n.Failures) != c.failures {
				t.Errorf("%+v, %v", n, err)
			}
		})
	}
}

// A page can be of any origin: whatever it says, reading it neither panics nor counts a
// conflict as recovered that was none.
func FuzzRead(f *testing.F) {
	f.Add(twoLines)
	f.Add(`{"what":"gesture","moves":[{"outcome":"applied","version":-9223372036854775808}],"settled":true,"shown":{"version":9223372036854775807},"equal_ms":1e308}` + "\n")
	f.Add(`{"what":"gesture","rival":{"outcome":"applied"},"moves":[{"outcome":"conflict"}],"feedback_ms":-1}` + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		n, err := Read(strings.NewReader(text), "ux.ndjson")
		if err == nil && (n.Conflicts.Recovered > n.Conflicts.Judged || n.Conflicts.Judged > n.Conflicts.Count || n.Conflicts.Count > n.Gestures) {
			t.Errorf("%+v", n.Conflicts)
		}
	})
}
