package refserver_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/occbench/occbench/internal/pgtest"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/store/postgres"
)

const (
	benchClients = 20
	benchCards   = 50
	benchRound   = 3 * time.Second
)

// BenchmarkTurnAgainstPgbench sets the server on PostgreSQL beside pgbench
// playing the same turn with the same statements: the day's board, then the
// conditional UPDATE of one card, 20 clients. An iteration is a round of each,
// one after the other, so that a slow minute of the machine hits both. Figures are
// medians of the rounds; least and most are logged.
//
// Processor time is that of the clients, of what serves them and of PostgreSQL. On a busy
// machine it is the fairer of the two ratios: Linux gives processor time by session, each
// process of PostgreSQL is one, and pgbench has twenty of them at work.
func BenchmarkTurnAgainstPgbench(b *testing.B) {
	pgbench := pgtest.FindBinary(b, "pgbench")
	url := pgtest.New(b)
	bench := startBench(b, "postgres", url)
	script := pgbenchScript(b)
	clock := newCPUClock(b, url)
	var rounds benchRounds
	for b.Loop() {
		begun := clock.read(b)
		served := bench.round(b, (*rawClient).turn)
		between := clock.read(b)
		reference := runPgbench(b, pgbench, script, url)
		ended := clock.read(b)
		rounds.add("turns/s", served)
		rounds.add("pgbench-turns/s", reference)
		rounds.add("of-pgbench", served/reference)
		if clock.works() {
			servedCPU, referenceCPU := perTurn(between-begun, served), perTurn(ended-between, reference)
			rounds.add("µs-CPU/turn", servedCPU)
			rounds.add("pgbench-µs-CPU/turn", referenceCPU)
			rounds.add("CPU-of-pgbench", servedCPU/referenceCPU)
		}
	}
	bench.check(b)
	rounds.report(b)
}

// perTurn returns µs of processor time.
func perTurn(cpu time.Duration, turnsPerSecond float64) float64 {
	return float64(cpu.Microseconds()) / (turnsPerSecond * benchRound.Seconds())
}

// benchRounds are figures by unit, one of each round.
type benchRounds map[string][]float64

func (r *benchRounds) add(unit string, figure float64) {
	if *r == nil {
		*r = benchRounds{}
	}
	(*r)[unit] = append((*r)[unit], figure)
}

func (r benchRounds) report(b *testing.B) {
	for unit, all := range r {
		slices.Sort(all)
		b.ReportMetric(all[len(all)/2], unit)
		b.Logf("%s: %.4g – %.4g – %.4g", unit, all[0], all[len(all)/2], all[len(all)-1])
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkSQLite reports turns (a board and a move), and moves alone.
func BenchmarkSQLite(b *testing.B) {
	b.Run("turns", func(b *testing.B) { benchmarkRounds(b, "sqlite", (*rawClient).turn) })
	b.Run("moves", func(b *testing.B) { benchmarkRounds(b, "sqlite", (*rawClient).moveOn) })
}

// BenchmarkPostgres reports turns (a board and a move), and moves alone.
func BenchmarkPostgres(b *testing.B) {
	b.Run("turns", func(b *testing.B) { benchmarkRounds(b, "postgres", (*rawClient).turn) })
	b.Run("moves", func(b *testing.B) { benchmarkRounds(b, "postgres", (*rawClient).moveOn) })
}

func benchmarkRounds(b *testing.B, kind string, step func(*rawClient) error) {
	bench := startBench(b, kind, databaseURL(b, kind))
	var perSecond float64
	for b.Loop() {
		perSecond += bench.round(b, step)
	}
	bench.check(b)
	b.ReportMetric(perSecond/float64(b.N), "moves/s")
	b.ReportMetric(0, "ns/op")
}

// loadBench is a server under load from clients with a card each, so that no
// move is refused.
type loadBench struct {
	server  *refserver.Server
	clients []*rawClient
}

func startBench(b *testing.B, kind, url string) *loadBench {
	b.Helper()
	s := openStore(b, kind, url)
	cards := addCards(b, s, benchCards)
	server, err := refserver.New(refserver.Options{Store: s})
	if err != nil {
		b.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	bench := &loadBench{server: server}
	for i := range benchClients {
		c, err := dialRaw(listener.Addr().String(), tomorrow.Format(time.DateOnly), cards[i])
		if err != nil {
			b.Fatal(err)
		}
		bench.clients = append(bench.clients, c)
	}
	b.Cleanup(func() {
		for _, c := range bench.clients {
			if err := c.conn.Close(); err != nil {
				b.Error(err)
			}
		}
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
	return bench
}

// round lets every client repeat a step for the length of a round and returns
// the steps per second.
func (l *loadBench) round(b *testing.B, step func(*rawClient) error) float64 {
	b.Helper()
	var steps atomic.Int64
	start := time.Now()
	var all errgroup.Group
	for _, c := range l.clients {
		all.Go(func() error {
			for time.Since(start) < benchRound {
				if err := step(c); err != nil {
					return err
				}
				steps.Add(1)
			}
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		b.Fatal(err)
	}
	return float64(steps.Load()) / time.Since(start).Seconds()
}

// check compares the clients' count of attempts with the server's.
func (l *loadBench) check(b *testing.B) {
	b.Helper()
	counted := refserver.Attempts{}
	for _, c := range l.clients {
		for status, n := range c.attempts {
			counted[status] += n
		}
	}
	if diff := cmp.Diff(counted, l.server.Attempts()); diff != "" {
		b.Errorf("clients and server count different attempts (-clients +server):\n%s", diff)
	}
	if counted[200] != counted.Total() || counted.Total() == 0 {
		b.Errorf("attempts by status %v, want some, and nothing but 200", counted)
	}
}

// pgbenchScript writes a turn as pgbench plays it: a client moves the card of
// its own to and fro, and knows its version because it alone moves it. The
// version of the first turn is read, since rounds follow each other.
func pgbenchScript(b *testing.B) string {
	b.Helper()
	quoted := func(sql string, args ...string) string {
		for i := len(args); i > 0; i-- {
			sql = strings.ReplaceAll(sql, "$"+strconv.Itoa(i), args[i-1])
		}
		return strings.ReplaceAll(sql, "\n", " ")
	}
	from, to := "'"+tomorrow.Format(time.RFC3339)+"'::timestamptz", "'"+tomorrow.AddDate(0, 0, 1).Format(time.RFC3339)+"'::timestamptz"
	lines := []string{
		`\if :version = 0`,
		// The server's clients have the first 20 cards; these are others.
		`\set id 21 + :client_id`,
		`SELECT version AS version FROM appointments WHERE id = :id \gset`,
		`\endif`,
		quoted(postgres.BoardSQL, from, to) + `;`,
		`\if :version % 2 = 1`,
		quoted(postgres.MoveSQL, ":id", ":version", "'in_progress'", "NULL", "'{scheduled,ready}'::text[]") + `;`,
		`\else`,
		quoted(postgres.MoveSQL, ":id", ":version", "'scheduled'", "NULL", "'{in_progress,no_show}'::text[]") + `;`,
		`\endif`,
		`\set version :version + 1`,
	}
	path := filepath.Join(b.TempDir(), "turn.sql")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}

var transactions = regexp.MustCompile(`number of transactions actually processed: (\d+)`)

// runPgbench plays a round and returns the turns per second, after making sure
// that every one of them moved a card.
func runPgbench(b *testing.B, pgbench, script, url string) float64 {
	b.Helper()
	before := moves(b, url)
	seconds := strconv.Itoa(int(benchRound / time.Second))
	cmd := exec.Command(pgbench, "-n", "-M", "prepared", "-c", strconv.Itoa(benchClients), "-j", "2", "-T", seconds,
		"-D", "version=0", "-D", "id=0", "-f", script, url)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(start)
	found := transactions.FindSubmatch(out)
	if err != nil || found == nil {
		b.Fatalf("running pgbench: %v\n%s", err, out)
	}
	turns, err := strconv.ParseInt(string(found[1]), 10, 64)
	if moved := moves(b, url) - before; err != nil || moved != turns {
		b.Fatalf("pgbench played %d turns and moved %d cards (%v)", turns, moved, err)
	}
	return float64(turns) / min(took, benchRound).Seconds()
}

// moves returns the moves that all cards have had.
func moves(b *testing.B, url string) (n int64) {
	b.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		b.Fatal(err)
	}
	err = conn.QueryRow(ctx, "SELECT sum(version - 1)::bigint FROM appointments").Scan(&n)
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		b.Fatal(fmt.Errorf("counting moves: %w", err))
	}
	return n
}
