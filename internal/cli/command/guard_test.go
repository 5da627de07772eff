package command

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"
)

// runnerCommand finds what GitHub's runner and GitLab's trace reader take for a
// command, in a whole log. The runner ends lines at carriage returns too.
var runnerCommand = regexp.MustCompile(`##\[|##vso\[|##teamcity\[|(?m)^[\s\x{a0}\x{2003}\x{85}]*::|section_(start|end):|\r|\x1b`)

func TestGuardDisarmsCommands(t *testing.T) {
	for text, want := range map[string]string{
		"build ##[set-output name=verdict;]PASS ##[add-mask]FAIL": "build ## [set-output name=verdict;]PASS ## [add-mask]FAIL",
		"###[error]":                      "### [error]",
		"##vso[task.complete]":            "##vso [task.complete]",
		"##teamcity[buildStatus]":         "##teamcity [buildStatus]",
		"::add-mask::PASS":                ": :add-mask::PASS",
		" \u00a0\t::set-output name=a::b": " \u00a0\t: :set-output name=a::b",
		":::x::":                          ": ::x::",
		"harmless\r::error::x":            "harmless?::error::x",
		"section_start:1:x\r\x1b[0Kshop":  "section_start :1:x??[0Kshop",
		"section_end:1:x":                 "section_end :1:x",
		"a::b, # [x], ## Heading, std::x": "a::b, # [x], ## Heading, std::x",
	} {
		// In one piece, byte by byte, and as the second of two lines.
		for _, size := range []int{len(text), 1} {
			var b bytes.Buffer
			g := &Guard{Out: &b}
			in := strings.NewReader(text + "\nsecond\n" + text)
			for {
				piece := make([]byte, size)
				n, err := in.Read(piece)
				if err == io.EOF {
					break
				}
				if wrote, err := g.Write(piece[:n]); wrote != n || err != nil {
					t.Fatal(wrote, err)
				}
			}
			g.Flush()
			if got := b.String(); got != want+"\nsecond\n"+want || runnerCommand.MatchString(got) {
				t.Errorf("%q in pieces of %d is %q, want %q", text, size, got, want)
			}
		}
	}
}
