package conformance

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/check"
)

// head is the head of the table in docs/conformance.md.
const head = "| server | version | API file | verdict | anomaly | proof | public report | command |\n|---|---|---|---|---|---|---|---|\n"

// verdicts are by the exit code of occbench validate.
var verdicts = map[int]string{0: "PASS", 1: "**FAIL**", 3: "INCONCLUSIVE", 4: "nothing to judge"}

// row returns the line of the server in the table: what was found is what it wants,
// or its test has failed.
func (s *Server) row(version string) string {
	found, proof, report := "none", "", ""
	if ids := s.Want.Anomalies; len(ids) > 0 {
		found, proof = joinIDs(ids), fmt.Sprintf("[proof](#%s)", s.anchor())
	}
	switch {
	case s.Want.Known != "":
		report = fmt.Sprintf("[%s](%s)", shortenURL(s.Want.Known), s.Want.Known)
	case s.Want.Exit != 0:
		report = "not reported as far as we know"
	}
	cells := []string{
		s.Title,
		version,
		s.API,
		verdicts[s.Want.Exit],
		found,
		proof,
		report,
		"`occbench " + strings.Join(s.arguments("$URL"), " ") + "`",
	}
	return "| " + strings.Join(cells, " | ") + " |"
}

// anchor returns the heading of the page that tells what was found.
func (s *Server) anchor() string { return strings.ReplaceAll(s.Name, ".", "") }

func joinIDs(ids []check.ID) string {
	var words []string
	for _, id := range ids {
		words = append(words, id.String())
	}
	return strings.Join(words, ", ")
}

// shortenURL returns a short name of a report from its URL: #2288, or the URL itself.
func shortenURL(url string) string {
	at := strings.LastIndexAny(url, "/=")
	return "#" + url[at+1:]
}

// policy is the file with the load and the gates of every run, from the root of
// the repository.
const policy = "internal/conformance/occbench.yaml"

// apiFile returns the API as --api takes it at the root of the repository.
func (s *Server) apiFile() string {
	if strings.HasSuffix(s.API, ".yaml") {
		return "internal/conformance/testdata/" + s.API
	}
	return s.API
}

// arguments returns those of occbench for a run against the server at url.
func (s *Server) arguments(url string) []string {
	args := []string{"validate", "--config", policy, "--without-cloudwatch", "--api", s.apiFile(), "--target", url}
	return append(args, s.Flags...)
}

// parseVersion returns the version of a line of the table; empty where it is none.
func parseVersion(line string) string {
	cells := strings.Split(line, " | ")
	if len(cells) < 2 {
		return ""
	}
	return cells[1]
}
