package text

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// A command that is broken over lines is the same command: a shell says so.
func TestContinuedMeansTheSame(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh on PATH")
	}
	long := strings.Repeat("abcdefghij ", 30)
	for name, line := range map[string]string{
		"short":             "printf %s one",
		"many words":        "printf '%s|' " + strings.Repeat("word ", 60),
		"one long word":     "printf '%s|' '" + long + "'",
		"quotes in a quote": `printf '%s|' 'it'\''s ` + strings.ReplaceAll(long, " ", `'\''`) + `'`,
		"json":              `printf '%s|' --data '{"new_status":"in_progress","expected_version":4}' 'http://127.0.0.1:8080/api/admin/appointments/17/move' '` + long + `'`,
	} {
		t.Run(name, func(t *testing.T) {
			lines := continueLine(line, 60)
			for _, l := range lines {
				if w := twwidth.Width(l); w > 60 {
					t.Errorf("%d columns: %s", w, l)
				}
			}
			want, err := exec.Command(sh, "-c", line).CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, want)
			}
			got, err := exec.Command(sh, "-c", strings.Join(lines, "\n")).CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s\n%s", err, got, strings.Join(lines, "\n"))
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
