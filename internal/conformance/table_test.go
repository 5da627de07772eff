package conformance

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	tableBegin = "<!-- servers: written by make conformance -->\n"
	tableEnd   = "<!-- end of servers -->\n"
)

// TestTable compares the table of the page with what the servers must come to; the
// versions are those of the run that has written it.
func TestTable(t *testing.T) {
	written, _ := readTable(t)
	if diff := cmp.Diff(tableOf(written, nil), written); diff != "" {
		t.Errorf("docs/conformance.md is not the table of the last run; make conformance-table (-want +got):\n%s", diff)
	}
}

// compareTable compares the table of the page with that of a run. Rows of servers
// that could not be had stay as they are.
func compareTable(t *testing.T, rows, proofs map[string]string) {
	t.Helper()
	written, rest := readTable(t)
	table := tableOf(written, rows)
	fmt.Print("\n", table, "\n")
	switch {
	case *update:
		text := writeProofs(t, rest[0]+tableBegin+table+tableEnd+rest[1], proofs)
		if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	case table != written:
		// Registries go on; what is judged is the server that they give today.
		fmt.Print("conformance: docs/conformance.md tells of other versions; `make conformance-table` writes it\n")
	}
}

// proofBegin and proofEnd enclose the proof of a server in the page.
const (
	proofBegin = "<!-- proof of %s: written by make conformance-table -->\n"
	proofEnd   = "<!-- end of proof -->\n"
)

// writeProofs returns the page with the proofs of a run. They differ from run to run,
// so no run is compared with them.
func writeProofs(t *testing.T, text string, proofs map[string]string) string {
	t.Helper()
	for name, proof := range proofs {
		begin := fmt.Sprintf(proofBegin, name)
		before, after, ok := strings.Cut(text, begin)
		_, after, ended := strings.Cut(after, proofEnd)
		if !ok || !ended {
			t.Errorf("%s has no place for the proof of %s: want %s%s", page, name, begin, proofEnd)
			continue
		}
		text = before + begin + "\n" + proof + "\n" + proofEnd + after
	}
	return text
}

// TestProofs wants a proof in the page for every server on which a bug must be found.
func TestProofs(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for i := range Servers {
		s := &Servers[i]
		_, after, ok := strings.Cut(string(text), fmt.Sprintf(proofBegin, s.Name))
		proof, _, _ := strings.Cut(after, proofEnd)
		switch {
		case len(s.Want.Anomalies) == 0 && ok:
			t.Errorf("%s: the page has a proof, and nothing must be found", s.Name)
		case len(s.Want.Anomalies) > 0 && !strings.Contains(proof, "    "):
			t.Errorf("%s: the page has no proof", s.Name)
		}
	}
}

// tableOf returns the table with the rows of a run, and of the other servers with
// the versions that are written.
func tableOf(written string, rows map[string]string) string {
	versions := map[string]string{}
	lines := strings.Split(written, "\n")
	for _, line := range lines {
		for i := range Servers {
			if v := parseVersion(line); line == Servers[i].row(v) {
				versions[Servers[i].Name] = v
			}
		}
	}
	text := head
	for i := range Servers {
		row, ok := rows[Servers[i].Name]
		if !ok {
			row = Servers[i].row(versions[Servers[i].Name])
		}
		text += row + "\n"
	}
	return text
}

// readTable returns the table of the page, and what stands before and after it.
func readTable(t *testing.T) (table string, rest [2]string) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, after, ok := strings.Cut(string(text), tableBegin)
	table, after, ended := strings.Cut(after, tableEnd)
	if !ok || !ended {
		t.Fatalf("%s has no table between %q and %q", page, tableBegin, tableEnd)
	}
	return table, [2]string{before, after}
}
