// Package historytest plays histories of a correct server, for tests and benchmarks of what reads them.
package historytest

import (
	"bufio"
	"io"
	"math/rand/v2"
	"strconv"

	"github.com/occbench/occbench/internal/history"
)

// Play says what is played: operators who read and update in turn, one operation
// per 100 µs, between an audit before and one after them.
type Play struct {
	Operations int // all of them, audits included
	Records    int
	Operators  int // 20 or more; 0 stands for 20
}

// The times of a play, in ns. An operation takes one to two calls, which is less
// than twenty steps: no operator does two things at once.
const (
	step   = 100_000
	call   = 900_000
	fewest = 20
	warmup = 2_000_000_000
)

// Length returns how long a play takes, in ns.
func (p Play) Length() int64 { return int64(p.Operations) * step }

type record struct {
	id, state string
	token     int64
}

// Each yields the operations in the order of completion; they are reused.
func (p Play) Each(yield func(*history.Op)) {
	states := []string{"scheduled", "in_progress", "ready"}
	next := map[string]string{"scheduled": "in_progress", "in_progress": "ready", "ready": "in_progress"}
	r := rand.New(rand.NewPCG(uint64(p.Operations), uint64(p.Records)))
	table := make([]record, p.Records)
	crew := make([]struct {
		at   int
		seen record
	}, max(p.Operators, fewest))
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
	for i := range p.Operations - 2*p.Records {
		now += step
		o := &crew[i%len(crew)]
		op := history.New()
		op.Operator, op.Attempt, op.Start, op.End, op.HTTP = int32(i%len(crew)+1), 1, now, now+call+r.Int64N(call), 200
		if i/len(crew)%2 == 0 {
			o.at = r.IntN(p.Records)
			o.seen = table[o.at]
			op.Kind, op.Outcome = history.Read, history.Seen
		} else {
			op.Kind, op.Expected, op.Target = history.Update, o.seen.token, next[o.seen.state]
			if now < warmup {
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

// Write writes a play as the file of a history.
func (p Play) Write(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<20)
	_, err := out.WriteString(history.Header + "\n")
	var line []byte
	p.Each(func(op *history.Op) {
		line = history.AppendOp(line[:0], op)
		if err == nil {
			_, err = out.Write(line)
		}
	})
	if err == nil {
		err = out.Flush()
	}
	return err
}
