package operator

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/wait"
)

// An audit that reads record by record has so many requests under way, and makes
// each so often: one request in a hundred may fail for good reasons.
const (
	auditReaders = 16
	auditTries   = 3
	auditPause   = 100 * time.Millisecond
)

// auditRecords is Audit where every record has a read of its own. All lines have the
// start of the first read and the end of the last one, which is a bracket that
// certainly holds each: nothing else is under way then.
func auditRecords(ctx context.Context, from Shop, tag string, known []string, record func(*history.Op)) ([]string, error) {
	ids, err := readSingles(ctx, from, tag, known, record)
	if err != nil {
		return nil, err
	}
	v := newView(NewRoster(ids), 1, from.API())
	answers := v.readAll(ctx, from)
	start, end := answers[0].Start, answers[0].End
	for i := range answers {
		a := &answers[i]
		if !isCertain(a) {
			op := newLine(a, history.Audit)
			record(&op)
			return nil, fmt.Errorf("auditing %s %s: %w", from.API().Words.Record, history.EncodeText(v.roster.ID(i)), a.Failure())
		}
		start, end = min(start, a.Start), max(end, a.End)
	}
	for i := range answers {
		op := newLine(&answers[i], history.Audit)
		op.Start, op.End, op.Record = start, end, v.roster.ID(i)
		if answers[i].OK() {
			v.sights[i].writeTo(&op)
		}
		record(&op)
	}
	gone := func(id string) bool {
		i, _ := v.roster.Index(id)
		return !answers[i].OK()
	}
	return slices.DeleteFunc(v.order(), gone), nil
}

// readSingles returns the ids of the records to read: the known ones, and those of the
// run that a list names, where there is one.
func readSingles(ctx context.Context, from Shop, tag string, known []string, record func(*history.Op)) ([]string, error) {
	if from.API().List != nil {
		list := client.List{Tags: true}
		if a := from.List(ctx, &list); !a.OK() {
			op := newLine(&a, history.Audit)
			record(&op)
			return nil, fmt.Errorf("auditing the %s: %w", from.API().Words.List, a.Failure())
		}
		known = append(listOurs(from.API(), &list, tag), known...)
	}
	if len(known) == 0 {
		return nil, fmt.Errorf(
			"auditing: no %s of the run is known, and API %s has no list that would name them",
			from.API().Words.Record,
			from.API().Name,
		)
	}
	return known, nil
}

// readAll reads every record of the roster and returns the answers in its order.
func (v *view) readAll(ctx context.Context, from Shop) []client.Answer {
	answers := make([]client.Answer, v.roster.Len())
	if isSerial(from) {
		for i := range answers {
			answers[i] = v.readSurely(ctx, from, i)
		}
		return answers
	}
	var next atomic.Int64
	var readers sync.WaitGroup
	for range min(auditReaders, len(answers)) {
		readers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(answers); i = int(next.Add(1)) - 1 {
				answers[i] = v.readSurely(ctx, from, i)
			}
		})
	}
	readers.Wait()
	return answers
}

// readSurely reads a record, and again when the answer says nothing about it.
func (v *view) readSurely(ctx context.Context, from Shop, i int) client.Answer {
	for try := 1; ; try++ {
		r := client.Record{ID: v.roster.ID(i)}
		a := from.Read(ctx, &r)
		v.takeRead(i, &r)
		if isCertain(&a) || try == auditTries || wait.For(ctx, auditPause) != nil {
			return a
		}
	}
}

// isCertain reports whether an answer to a read says something about the record.
func isCertain(a *client.Answer) bool {
	switch a.Outcome {
	case history.Seen, history.Absent, history.Malformed, history.Rejected:
		return true
	}
	return false
}
