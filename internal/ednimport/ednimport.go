// Package ednimport turns histories of Jepsen and of Porcupine's tests, which are
// EDN, into histories of occbench.
//
// It takes registers with versions alone: a read shows a version, an update names the
// version that it replaces or is answered the one that it made. What says neither is
// left out and counted: an update that is left out is among what others may have
// done, so nothing rests on it. Its parser is olympos.io/encoding/edn, which reads all
// of the format, with tags and comments, as a stream.
package ednimport

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"olympos.io/encoding/edn"

	"github.com/occbench/occbench/internal/history"
)

// Form names the program that wrote a history.
type Form string

// The forms. A Porcupine history has a key in each event and no times; the order of its
// lines is their time. A Jepsen history has times.
const (
	Jepsen    Form = "jepsen"
	Porcupine Form = "porcupine"
)

// Result is a history, and what was left out of it.
type Result struct {
	Ops  []history.Op // by completion; those without an answer come last
	Left map[string]int
}

// event is one line of a history.
type event struct {
	Type    edn.Keyword `edn:"type"`
	F       edn.Keyword `edn:"f"`
	Process any         `edn:"process"`
	Time    *int64      `edn:"time"`
	Key     any         `edn:"key"`
	Value   any         `edn:"value"`
}

// pending is an operation that was invoked.
type pending struct {
	op     history.Op
	f      edn.Keyword
	record string
}

// Read reads a history to its end. keyed says that values are [key value], as
// jepsen.independent writes them. The name stands in errors.
func Read(r io.Reader, name string, form Form, keyed bool) (Result, error) {
	in := &importer{form: form, keyed: keyed, open: map[string]*pending{}, operators: map[string]int32{}, left: map[string]int{}}
	decoder := edn.NewDecoder(bufio.NewReader(r))
	for n := 1; ; n++ {
		var raw any
		err := decoder.Decode(&raw)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Result{}, fmt.Errorf("reading %s: value %d is no EDN: %w", name, n, err)
		}
		all, ok := raw.([]any) // a history may be one vector
		if !ok {
			all = []any{raw}
		}
		for _, one := range all {
			if err := in.add(one); err != nil {
				return Result{}, fmt.Errorf("reading %s: operation %d: %w", name, in.events, err)
			}
		}
	}
	result, err := in.finish()
	if err != nil {
		return Result{}, fmt.Errorf("reading %s: %w", name, err)
	}
	return result, nil
}

// importer pairs invocations and completions.
type importer struct {
	form      Form
	keyed     bool
	open      map[string]*pending // by process
	operators map[string]int32
	events    int
	ops       []history.Op
	left      map[string]int
}

// add takes one event.
func (in *importer) add(raw any) error {
	in.events++
	e, err := parseEvent(raw)
	if err != nil {
		return err
	}
	process := fmt.Sprint(e.Process)
	if _, isNumber := e.Process.(int64); !isNumber {
		in.left["events of the nemesis"]++
		return nil
	}
	at := int64(in.events) * 1000
	if in.form == Jepsen {
		if e.Time == nil {
			return errors.New("it has no :time, want nanoseconds")
		}
		at = *e.Time
	}
	if e.Type == "invoke" {
		if in.open[process] != nil {
			return fmt.Errorf("process %s invokes %s before its last operation was answered", process, e.F)
		}
		in.open[process] = in.begin(e, process, at)
		return nil
	}
	p := in.open[process]
	if p == nil {
		return fmt.Errorf("process %s is answered %s without an invocation", process, e.Type)
	}
	delete(in.open, process)
	return in.complete(p, e, at)
}

func parseEvent(raw any) (event, error) {
	fields, ok := dropTag(raw).(map[any]any)
	if !ok {
		return event{}, fmt.Errorf("it is %T, want a map with :process, :type, :f and :value", raw)
	}
	e := event{Process: fields[edn.Keyword("process")], Key: fields[edn.Keyword("key")], Value: fields[edn.Keyword("value")]}
	e.Type, _ = fields[edn.Keyword("type")].(edn.Keyword)
	e.F, _ = fields[edn.Keyword("f")].(edn.Keyword)
	if e.Type == "" || e.F == "" || e.Process == nil {
		return event{}, errors.New("it lacks one of :process, :type and :f")
	}
	if at, ok := fields[edn.Keyword("time")].(int64); ok {
		e.Time = &at
	}
	return e, nil
}

func (in *importer) begin(e event, process string, at int64) *pending {
	p := &pending{op: history.New(), f: e.F}
	if in.operators[process] == 0 {
		in.operators[process] = int32(len(in.operators) + 1)
	}
	p.op.Start, p.op.Operator, p.op.Attempt = at, in.operators[process], 1
	record, version := in.place(e)
	p.record = record
	p.op.Kind = history.Update
	if isRead(e.F) {
		p.op.Kind = history.Read
	} else {
		p.op.Expected = version
	}
	return p
}

func isRead(f edn.Keyword) bool { return f == "read" || f == "get" }

// place returns the register and the version that the value of an event names; None
// where it names none.
func (in *importer) place(e event) (record string, version int64) {
	record, value := "register", dropTag(e.Value)
	if pair, ok := value.([]any); in.keyed && ok && len(pair) == 2 {
		record, value = fmt.Sprint(pair[0]), dropTag(pair[1])
	}
	if e.Key != nil {
		record = fmt.Sprint(e.Key)
	}
	if pair, ok := value.([]any); ok && len(pair) == 2 {
		if n, ok := pair[0].(int64); ok && n >= 0 {
			return record, n
		}
	}
	return record, history.None
}

func dropTag(value any) any {
	if tag, ok := value.(edn.Tag); ok {
		return tag.Value
	}
	return value
}

// complete takes the answer to an operation.
func (in *importer) complete(p *pending, e event, at int64) error {
	o := &p.op
	_, version := in.place(e)
	o.Record, o.End = p.record, at
	switch e.Type {
	case "ok":
		return in.answer(p, version)
	case "fail":
		if o.Kind == history.Read || o.Expected == history.None {
			in.left["failed operations that name no version"]++
			return nil
		}
		o.Outcome = history.Rejected // for whatever reason, so that nothing follows but that it has no effect
	case "info":
		in.lose(p)
		return nil
	default:
		return fmt.Errorf("its :type is %s, want :invoke, :ok, :fail or :info", strconv.Quote(string(e.Type)))
	}
	in.ops = append(in.ops, *o)
	return nil
}

// answer takes an operation that succeeded.
func (in *importer) answer(p *pending, version int64) error {
	o := &p.op
	switch {
	case o.Kind == history.Read && version == history.None:
		in.left["reads without a version"]++
		return nil
	case o.Kind == history.Read:
		o.Outcome, o.Token = history.Seen, version
	case version == history.None && o.Expected == history.None, version == 0:
		in.left["updates without a version"]++
		return nil
	default:
		if o.Expected == history.None {
			o.Expected = version - 1
		}
		o.Outcome, o.Token = history.Applied, version
	}
	in.ops = append(in.ops, *o)
	return nil
}

// lose takes an operation whose answer was lost.
func (in *importer) lose(p *pending) {
	o := &p.op
	if o.Kind == history.Read || o.Expected == history.None {
		in.left["operations of unknown fate that name no version"]++
		return
	}
	o.Record, o.End, o.Outcome, o.HTTP, o.Token = p.record, history.None, history.NoAnswer, 0, history.None
	in.ops = append(in.ops, *o)
}

// finish returns the history by completion.
func (in *importer) finish() (Result, error) {
	for _, p := range in.open {
		in.lose(p)
	}
	if in.events == 0 {
		return Result{}, errors.New("the history is empty")
	}
	if len(in.ops) == 0 {
		return Result{}, fmt.Errorf("none of its %d events tells a version: want [version value] as the :value of reads, "+
			"and of updates the version that they replace or make", in.events)
	}
	slices.SortStableFunc(in.ops, func(a, b history.Op) int {
		return cmp.Or(cmp.Compare(uint64(a.End), uint64(b.End)), cmp.Compare(a.Start, b.Start), cmp.Compare(a.Operator, b.Operator))
	})
	return Result{Ops: in.ops, Left: in.left}, nil
}
