package refserver_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// cpuClock reads the processor time of everything that works on a turn: this process,
// the children that it has waited for (pgbench), and PostgreSQL. On a machine with other
// work, time on the wall says more about that work than about a turn.
type cpuClock struct{ postmaster int }

// newCPUClock returns a clock that counts the server of a database in. It works where
// there is /proc and the server is of this machine.
func newCPUClock(tb testing.TB, url string) cpuClock {
	tb.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		tb.Fatal(err)
	}
	// Without /proc the clock has no postmaster.
	backend, _ := readProcess(strconv.Itoa(int(conn.PgConn().PID())))
	if err := conn.Close(ctx); err != nil {
		tb.Fatal(err)
	}
	return cpuClock{backend.parent}
}

func (c cpuClock) works() bool { return c.postmaster > 1 }

// read returns the time taken so far. Of a backend that ended, its parent has the time.
func (c cpuClock) read(tb testing.TB) time.Duration {
	tb.Helper()
	if !c.works() {
		return 0
	}
	own, err := readProcess("self")
	if err != nil {
		tb.Fatal(err)
	}
	sum := own.cpu
	entries, err := os.ReadDir("/proc")
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		p, err := readProcess(e.Name())
		if err == nil && (pid == c.postmaster || p.parent == c.postmaster) {
			sum += p.cpu
		}
	}
	return sum
}

// process is what /proc/PID/stat says of one.
type process struct {
	parent int
	cpu    time.Duration // its own and that of the children it has waited for
}

// tick is the unit of times in /proc: Linux has 100 in a second on every processor that Go knows.
const tick = 10 * time.Millisecond

func readProcess(pid string) (process, error) {
	text, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return process{}, err
	}
	// The name of the program, in brackets, may hold anything.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 15 {
		return process{}, fmt.Errorf("reading /proc/%s/stat: it has %d fields", pid, len(fields))
	}
	parent, err := strconv.Atoi(string(fields[1]))
	p := process{parent: parent}
	for _, f := range fields[11:15] { // utime, stime, cutime, cstime
		n, wrong := strconv.ParseInt(string(f), 10, 64)
		err = errors.Join(err, wrong)
		p.cpu += time.Duration(n) * tick
	}
	return p, err
}
