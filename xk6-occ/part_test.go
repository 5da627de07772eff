package occ_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/generator"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/scenarios"
)

// runner is one k6, started as k6-operator starts it.
type runner struct {
	cmd     *exec.Cmd
	address string
	out     *bytes.Buffer
}

// startRunner starts instance i of n, counted from 1, paused.
func startRunner(t *testing.T, i, n int, script string, env ...string) *runner {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	sequence := []string{"0"}
	for k := 1; k < n; k++ {
		sequence = append(sequence, fmt.Sprintf("%d/%d", k, n))
	}
	r := &runner{address: freeAddress(t), out: &bytes.Buffer{}}
	r.cmd = exec.Command(program)
	r.cmd.Args = []string{"k6", "run", "--quiet",
		fmt.Sprintf("--execution-segment=%d/%d:%d/%d", i-1, n, i, n), "--execution-segment-sequence=" + strings.Join(append(sequence, "1"), ","),
		script, "--address=" + r.address, "--paused", "--tag", fmt.Sprintf("instance_id=%d", i), "--tag", "testrun_name=shop-move"}
	r.cmd.Env = append(os.Environ(), env...)
	r.cmd.Stdout, r.cmd.Stderr = r.out, r.out
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.cmd.Process.Kill() })
	return r
}

// resume lets a runner begin, as k6-operator's starter does.
func (r *runner) resume(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		answer, err := http.Get("http://" + r.address + "/v1/status")
		if err == nil {
			text, _ := io.ReadAll(answer.Body)
			_ = answer.Body.Close()
			if strings.Contains(string(text), `"status":4`) {
				break
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("k6 is not ready: %v\n%s", err, r.out)
		}
	}
	body := strings.NewReader(`{"data":{"type":"status","id":"default","attributes":{"paused":false}}}`)
	request, err := http.NewRequest(http.MethodPatch, "http://"+r.address+"/v1/status", body)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
}

// script writes a scenario into a file.
func script(t *testing.T, source []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scenario.js")
	if err := os.WriteFile(path, source, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// playDivided lets n runners play, one started after the other, and returns their
// operations by generator.
func playDivided(t *testing.T, n int, skew time.Duration, source []byte, env ...string) (dir string, ops [][]history.Op) {
	t.Helper()
	dir, path := t.TempDir(), script(t, source)
	var all []*runner
	for i := range n {
		all = append(all, startRunner(t, i+1, n, path, append(env, "OCC_DIR="+dir)...))
	}
	for _, r := range all {
		r.resume(t)
		time.Sleep(skew)
	}
	for i, r := range all {
		if err := r.cmd.Wait(); err != nil && r.cmd.ProcessState.ExitCode() != 99 { // k6's thresholds
			t.Fatalf("generator %d: %v\n%s", i+1, err, r.out)
		}
		ops = append(ops, historytest.Load(t, filepath.Join(dir, fmt.Sprint(i+1), run.HistoryFile)))
	}
	return dir, ops
}

// Three runners, started one after the other as k6-operator does, leave directories
// that fit together: numbers, records, counts, races.
func TestGenerators(t *testing.T) {
	s := newServer(t, 20)
	const operators, n, races = 7, 3, 2
	dir, ops := playDivided(t, n, 300*time.Millisecond, scenarios.Update, "URL="+s.URL, "DATE=2030-01-15", "OCC_DURATION=3s", "OCC_WARMUP=500ms",
		fmt.Sprint("OCC_OPERATORS=", operators), "OCC_THINK=20ms", "OCC_PAUSE=20ms", "OCC_RECORD_COUNT=16", "OCC_RACES=3/s", "OCC_RACE_FIRST=101")
	seen, rosters, updates, firstUpdate := map[int32]int{}, make([]map[string]bool, n), 0, make([]int64, n)
	for g := range ops {
		m, err := generator.Read(filepath.Join(dir, fmt.Sprint(g+1)))
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"shop-move", fmt.Sprint(g + 1), "complete", "", "0,1/3,2/3,1", []string{"0:1/3", "1/3:2/3", "2/3:1"}[g]}
		got := []string{m.Run, m.Name, string(m.State), m.Reason, m.Sequence, m.Segment}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("generator %d (-want +got):\n%s", g+1, diff)
		}
		if m.Spec.Generators != n || m.Spec.Operators != operators || m.Spec.Date != "2030-01-15" || m.Monotonic == 0 || m.Boot == "" || m.End.Before(m.Start) {
			t.Errorf("generator %d: %+v", g+1, m)
		}
		if sum, err := generator.SumFile(filepath.Join(dir, fmt.Sprint(g+1), run.HistoryFile)); err != nil || m.Sums[run.HistoryFile] != sum {
			t.Errorf("generator %d: hash %s of the history, its manifest has %s (%v)", g+1, sum, m.Sums[run.HistoryFile], err)
		}
		rosters[g] = map[string]bool{}
		for _, op := range ops[g] {
			switch {
			case op.Kind == history.Audit:
				continue
			case isRace(op):
				if first := int32(101 + races*g); op.Operator < first || op.Operator >= first+races {
					t.Errorf("generator %d: racer %d", g+1, op.Operator)
				}
			case int(op.Operator-1)%n != g || op.Operator > operators:
				t.Errorf("generator %d has operator %d", g+1, op.Operator)
			case op.Kind == history.Read:
				rosters[g][op.Record] = true
			}
			if other, known := seen[op.Operator]; known && other != g {
				t.Fatalf("operator %d is in generators %d and %d", op.Operator, other+1, g+1)
			}
			seen[op.Operator] = g
			if op.Kind == history.Update {
				updates++
				if firstUpdate[g] == 0 {
					firstUpdate[g] = m.Base.UnixNano() + op.Start
				}
			}
		}
	}
	if len(seen) != operators+races*n {
		t.Errorf("%d operators and racers, want %d", len(seen), operators+races*n)
	}
	if int64(updates) != s.attempts.Load() {
		t.Errorf("the histories have %d updates, the server %d", updates, s.attempts.Load())
	}
	if union := merged(rosters); len(union) > 16 {
		t.Errorf("the load played on %d records, declared are 16", len(union))
	}
	if firstUpdate[2]-firstUpdate[0] < int64(300*time.Millisecond) {
		t.Errorf("the generators did not begin one after the other: %v", firstUpdate)
	}
}

func merged(sets []map[string]bool) map[string]bool {
	all := map[string]bool{}
	for _, s := range sets {
		for k := range s {
			all[k] = true
		}
	}
	return all
}

// An operator picks what it picks in a run of one process, whatever generator it is in;
// so no two operators of a run pick the same. Two of the 20 records are the generators' clock records.
func TestGeneratorsPick(t *testing.T) {
	env := func(url string) []string {
		return []string{"URL=" + url, "DATE=2030-01-15", "OCC_DURATION=2s", "OCC_OPERATORS=4", "OCC_RECORD_COUNT=18", "OCC_THINK=5ms", "OCC_PAUSE=5ms", "OCC_RACES=off", "OCC_RAND_SEED=7"}
	}
	_, whole := playDivided(t, 1, 0, scenarios.Update, env(newServer(t, 20).URL)...)
	_, divided := playDivided(t, 2, 0, scenarios.Update, env(newServer(t, 20).URL)...)
	one, two := picks(whole...), picks(divided...)
	if len(one) != 4 || len(two) != 4 {
		t.Fatalf("%d and %d operators, want 4", len(one), len(two))
	}
	for number := range one {
		n := min(len(one[number]), len(two[number]), 20)
		if n < 10 || !slices.Equal(one[number][:n], two[number][:n]) {
			t.Errorf("operator %d picks %v in one process, %v in two", number, one[number], two[number])
		}
		for other := range two {
			if other != number && slices.Equal(two[other][:n], two[number][:n]) {
				t.Errorf("operators %d and %d pick the same: %v", number, other, two[number])
			}
		}
	}
}

// picks returns the records of each operator's turns.
func picks(generators ...[]history.Op) map[int32][]string {
	all := map[int32][]string{}
	for _, ops := range generators {
		for _, op := range ops {
			if op.Kind == history.Read && op.Attempt == 1 && op.Outcome == history.Seen && op.Flags&history.Clock == 0 {
				all[op.Operator] = append(all[op.Operator], op.Record)
			}
		}
	}
	return all
}

// freeAddress returns an address on which nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// The arrivals of a rate that does not divide are those of one process, each with one
// generator, and k6 begins an iteration for each.
func TestGeneratorsAtARate(t *testing.T) {
	s := newServer(t, 20)
	const rate, n = 50, 3
	dir, ops := playDivided(t, n, 0, scenarios.Update, "URL="+s.URL, "DATE=2030-01-15", "OCC_DURATION=2s", "OCC_WARMUP=0s", fmt.Sprint("OCC_RATE=", rate),
		"OCC_MAX_OPERATORS=10", "OCC_THINK=5ms", "OCC_RACES=off", "OCC_RAND_SEED=7")
	turns, planned := map[int64]int{}, int64(0)
	for g := range ops {
		m, err := generator.Read(filepath.Join(dir, fmt.Sprint(g+1)))
		if err != nil {
			t.Fatal(err)
		}
		planned += m.PlannedIterations - m.DroppedIterations
		due := []int64{}
		for _, op := range ops[g] {
			if op.Kind == history.Read && op.Attempt == 1 {
				due = append(due, op.Scheduled)
			}
		}
		if m.State != run.Complete || len(due) < rate*2/n-10 {
			t.Fatalf("generator %d ended %s (%s) with %d turns", g+1, m.State, m.Reason, len(due))
		}
		// Sorted, the stripe of 10 operators over thirds begins at turn g.
		slices.Sort(due)
		for _, at := range due {
			turns[(at-due[0]+int64(time.Second)/rate/2)/(int64(time.Second)/rate)+int64(g)]++
		}
	}
	for turn := range int64(rate * 2) {
		if turns[turn] != 1 {
			t.Errorf("turn %d has %d generators", turn, turns[turn])
		}
	}
	if planned != rate*2 {
		t.Errorf("%d turns were played, want %d", planned, rate*2)
	}
}
