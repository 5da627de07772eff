package reports

import (
	"strings"

	"github.com/occbench/occbench/internal/run"
)

// Repeat is the command that makes the load of a run again: the flags of its spec.
func Repeat(m *run.Manifest) string {
	words := []string{"occbench", "validate"}
	for _, f := range m.Spec.Flags() {
		if f.Name == "duration" && m.UntilDecided {
			words, f.Name = append(words, "--until-decided"), "max-duration"
		}
		words = append(words, "--"+f.Name)
		if f.Text != "" {
			words = append(words, quoted(clean(f.Text)))
		}
	}
	return strings.Join(words, " ")
}

// quoted makes a word safe to paste into a POSIX shell.
func quoted(s string) string {
	safe := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./:,=@", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !safe(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
