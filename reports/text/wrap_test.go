package text

import (
	"github.com/occbench/occbench/internal/sanitize"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

func TestWrap(t *testing.T) {
	tests := []struct {
		name, text string
		columns    int
		want       []string
	}{
		{"empty", "", 10, []string{""}},
		{"fits", "one two", 10, []string{"one two"}},
		{"keeps the unit", "a limit of 10 %", 12, []string{"a limit of", "10 %"}},
		{"breaks", "one two three", 7, []string{"one two", "three"}},
		{"cuts a long word", "abcdefghij kl", 4, []string{"abcd", "efgh", "ij", "kl"}},
		{"wide characters", "漢字漢字", 4, []string{"漢字", "漢字"}},
		{"wider than the column", "漢字", 1, []string{"漢", "字"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, wrapText(tt.text, tt.columns)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("some words that are wrapped and averyveryverylongone", 7)
	f.Add("漢字 \x1b[2J \u202e", 2)
	f.Fuzz(func(t *testing.T, text string, columns int) {
		columns = 2 + (columns%100+100)%100
		text = sanitize.Text(text)
		joined := ""
		for _, line := range wrapText(text, columns) {
			if w := twwidth.Width(line); w > columns && len([]rune(line)) > 1 {
				t.Errorf("%d columns: %q", w, line)
			}
			joined += line
		}
		if want := strings.Join(strings.Fields(text), ""); strings.ReplaceAll(joined, " ", "") != want {
			t.Errorf("wrapping %q loses text: %q", text, joined)
		}
	})
}
