package pipeline

import (
	"bufio"
	"errors"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
)

// BenchmarkJudging judges runs of ten million operations as a validation does
// after its load: decode, check, measure, gate, report.
func BenchmarkJudging(b *testing.B) {
	const operations = 10_000_000
	for _, records := range []int{50, 1_000} {
		b.Run(strconv.Itoa(records)+" records", func(b *testing.B) {
			dir := writeLong(b, operations, records)
			p := &Pipeline{Settings: &settings.Settings{Out: b.TempDir()}, Now: time.Now}
			for b.Loop() {
				rec, err := p.record(dir, gate.Default())
				if err != nil {
					b.Fatal(err)
				}
				result, err := p.judge(dir, rec, gate.Default())
				if err != nil {
					b.Fatal(err)
				}
				if !result.Anomalies.Judged || len(result.Anomalies.Anomalies) > 0 || result.Numbers.Attempts < operations/3 {
					b.Fatalf("findings %+v, %d attempts", result.Anomalies, result.Numbers.Attempts)
				}
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys)/(1<<20), "MiB")
		})
	}
}

// writeLong writes a run of a correct server on so many records: twenty operators
// read and update in turn, one operation per 100 µs.
func writeLong(b *testing.B, operations, records int) run.Dir {
	b.Helper()
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	dir, err := run.Create(b.TempDir(), start)
	if err != nil {
		b.Fatal(err)
	}
	length := time.Duration(operations) * 100 * time.Microsecond
	err = dir.WriteManifest(run.Manifest{Start: start, Base: start, End: start.Add(length), State: run.Complete,
		Spec: run.Spec{Scenario: run.MoveScenario, Operators: 20, Duration: length, Warmup: 2 * time.Second, Attempts: 3, Timeout: 10 * time.Second}})
	var file *os.File
	if err == nil {
		file, err = os.Create(dir.File(run.HistoryFile))
	}
	if err != nil {
		b.Fatal(err)
	}
	out := bufio.NewWriterSize(file, 1<<20)
	_, err = out.WriteString(history.Header + "\n")
	var line []byte
	playLong(operations, records, func(op *history.Op) {
		line = history.AppendOp(line[:0], op)
		if err == nil {
			_, err = out.Write(line)
		}
	})
	if err = errors.Join(err, out.Flush(), file.Close()); err != nil {
		b.Fatal(err)
	}
	return dir
}

// playLong yields the operations of writeLong in the order of completion.
func playLong(operations, records int, yield func(*history.Op)) {
	const operators, step, call = 20, 100_000, 900_000
	states := []string{"scheduled", "in_progress", "ready"}
	next := map[string]string{"scheduled": "in_progress", "in_progress": "ready", "ready": "in_progress"}
	type record struct {
		id, state string
		token     int64
	}
	type operator struct {
		at   int
		seen record
	}
	r := rand.New(rand.NewPCG(uint64(operations), uint64(records)))
	table, crew := make([]record, records), make([]operator, operators)
	for i := range table {
		table[i] = record{strconv.Itoa(i + 1), states[0], 1}
	}
	now := int64(0)
	audit := func() {
		for i := range table {
			op := history.New()
			op.Kind, op.Record, op.Start, op.End, op.HTTP = history.Audit, table[i].id, now, now+call, 200
			op.Outcome, op.Token, op.State = history.Seen, table[i].token, table[i].state
			yield(&op)
		}
		now += 2 * call
	}
	audit()
	for i := range operations - 2*records {
		now += step
		o := &crew[i%operators]
		op := history.New()
		op.Operator, op.Attempt, op.Start, op.End, op.HTTP = int32(i%operators+1), 1, now, now+call+r.Int64N(call), 200
		if i/operators%2 == 0 {
			o.at = r.IntN(records)
			o.seen = table[o.at]
			op.Kind, op.Outcome = history.Read, history.Seen
		} else {
			op.Kind, op.Expected, op.Target = history.Update, o.seen.token, next[o.seen.state]
			if now < 2e9 {
				op.Flags = history.Warmup
			}
			if table[o.at].token == o.seen.token {
				table[o.at].token++
				table[o.at].state = op.Target
				op.Outcome = history.Applied
			} else {
				op.Outcome, op.HTTP = history.Conflict, 409
			}
		}
		op.Record, op.Token, op.State = table[o.at].id, table[o.at].token, table[o.at].state
		yield(&op)
	}
	now += 3 * call
	audit()
}
