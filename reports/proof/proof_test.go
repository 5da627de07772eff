package proof

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/goldentest"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/noun"
)

// readAnomaly returns the first finding in one of the checker's bad histories.
func readAnomaly(t *testing.T, name string) *check.Anomaly {
	t.Helper()
	path := filepath.Join("..", "..", "internal", "check", "testdata", "histories", name+"_bad.csv")
	report, err := check.File(func() (io.ReadCloser, error) { return os.Open(path) }, path, check.Options{API: loadPlainAPI(t), Opaque: name == "occ13"})
	if err != nil || len(report.Anomalies) == 0 {
		t.Fatalf("%s: %d findings, %v", name, len(report.Anomalies), err)
	}
	return &report.Anomalies[0]
}

// loadPlainAPI returns the API of the histories with words that fit every API.
func loadPlainAPI(t *testing.T) *api.API {
	a := *apitest.Appointments(t)
	a.Words = noun.Words{Record: "record", Update: "update", List: "list"}
	return &a
}

func TestPictures(t *testing.T) {
	for _, name := range []string{"occ01", "occ04", "occ05_chain", "occ08", "occ11"} {
		t.Run(name, func(t *testing.T) {
			f := readAnomaly(t, name)
			goldentest.CompareFile(t, filepath.Join("testdata", name+".txt"),
				DrawLanes(f, 200)+"\n"+strings.Join(Curl(f, apitest.Appointments(t), "http://127.0.0.1:8080/"), "\n")+"\n")
		})
	}
}

func TestNothingToDraw(t *testing.T) {
	if lanes, curl := DrawLanes(&check.Anomaly{}, 200), Curl(&check.Anomaly{}, apitest.Appointments(t), "http://x"); lanes != "" || curl != nil {
		t.Errorf("an empty finding draws %q and %q", lanes, curl)
	}
}

// TestHostileTexts feeds a record and a status that would like to be commands.
func TestHostileTexts(t *testing.T) {
	o := history.New()
	o.Kind, o.Outcome, o.Operator, o.Expected, o.HTTP = history.Update, history.Rejected, 1, 1, 400
	o.Record, o.Target = `17';touch x;'../$(id)`, "\x1b[31m'`id`"+strings.Repeat("x", 100)
	e := check.Evidence{Line: 2, Operator: 1, Kind: o.Kind, Start: 1, End: 2, Record: o.Record, Expected: 1, Target: o.Target,
		Outcome: o.Outcome, HTTP: 400, Token: history.None, Op: o}
	f := &check.Anomaly{Operations: []check.Evidence{e}}
	lines := Curl(f, apitest.Appointments(t), "http://127.0.0.1:8080")
	script := strings.ReplaceAll(strings.Join(lines, "\n"), "curl -sS", "printf '%s\\n'")
	dir := t.TempDir()
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, script)
	}
	want := "-X\nPOST\n-H\nContent-Type: application/json\n--data\n" +
		`{"new_status":"\u001b[31m'` + "`id`" + strings.Repeat("x", 100) + `","expected_version":1}` + "\n" +
		"http://127.0.0.1:8080/api/admin/appointments/17%27%3Btouch%20x%3B%27..%2F$%28id%29/move\n"
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Errorf("what a shell makes of it (-want +got):\n%s\n%s", diff, script)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the script left %v, %v", left, err)
	}
	if strings.ContainsRune(DrawLanes(f, 200)+strings.Join(lines, ""), '\x1b') {
		t.Error("a control character reaches the terminal")
	}
}
