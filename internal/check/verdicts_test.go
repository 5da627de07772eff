package check

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/history"
)

// TestVerdicts judges small histories written by hand, each about one question:
// what is a tie, what may a lost attempt explain, what can a refusal prove.
// verdicts.csv has them with their answers, of which each can be told by
// drawing its two or three operations on paper.
func TestVerdicts(t *testing.T) {
	text, err := os.ReadFile("testdata/verdicts.csv")
	if err != nil {
		t.Fatal(err)
	}
	cases := strings.Split(strings.TrimPrefix(string(text), "# "), "\n# ")
	if len(cases) < 50 {
		t.Fatalf("%d histories", len(cases))
	}
	for _, c := range cases {
		title, lines, _ := strings.Cut(c, "\n")
		at := strings.LastIndex(title, ": ")
		question, want := title[:at], title[at+2:]
		t.Run(question, func(t *testing.T) {
			file := history.Header + "\n" + strings.TrimSpace(lines) + "\n"
			open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(file)), nil }
			report, err := File(open, "history.csv", Options{API: shop})
			if err != nil {
				t.Fatal(err)
			}
			if got := verdictOf(&report); got != want {
				t.Errorf("found %s, want %s\n%s%v", got, want, lines, spell(report.Anomalies))
			}
			proven(t, &report)
		})
	}
}

func verdictOf(r *Report) string {
	if !r.Judged {
		return "not judged"
	}
	if len(r.Anomalies) == 0 {
		return "nothing"
	}
	var found []string
	for i := range r.Anomalies {
		found = append(found, fmt.Sprintf("%s×%d", r.Anomalies[i].ID, r.Anomalies[i].Count))
	}
	return strings.Join(found, " ")
}
