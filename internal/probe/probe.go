// Package probe asks a target the questions that its API file raises, and says of
// each whether the answer is as the file says, in what it differs, what a client has
// to know, or why it could not be asked.
//
// It exists so that a load test never measures nonsense: a target of another
// API, a login page or a dead host is found out before any load, with the
// reason. A server that speaks the API but breaks its promise about
// concurrency is not turned away; that is what the run is there to prove. Only
// records of ours are ever updated, and they are put back afterwards.
package probe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
)

// errLimit is the cause of a context that ended with Options.Limit.
var errLimit = errors.New("the time for the whole probe is used up")

// Run asks the target everything. The error is about occbench's own side: bad
// options, or a canceled context. A target that cannot be reached, or speaks
// something else, is a Result with the verdict Foreign.
func Run(ctx context.Context, o Options) (Result, error) {
	p, err := New(o)
	if err != nil {
		return Result{}, err
	}
	defer p.Close()
	r, err := p.Begin(ctx)
	if err != nil || r.Err() != nil || o.ReadOnly {
		return r, err
	}
	return p.Finish(ctx)
}

// Probe is a probe in two parts.
type Probe struct {
	session *session
	table   []question // of this API, in the order in which they are asked and shown
	reason  string     // why there were no records for the questions that need them
}

// New returns a probe of which nothing was asked yet. It is asked in two parts,
// so that records can be made between them.
func New(o Options) (*Probe, error) {
	o = o.withDefaults()
	if o.Target.API == nil {
		return nil, errors.New("probing needs an API")
	}
	p := &Probe{table: listQuestions(o.Target.API)}
	lines, worst := newLines(p.table, o.Target.API, o.Racers)
	var err error
	p.session, err = newSession(o, lines, worst)
	return p, err
}

// listQuestions returns the questions that apply to an API file.
func listQuestions(a *api.API) []question {
	all := slices.Concat(reads, listExtras(a), happy, tokens, conditions, updates, refusals, races)
	return slices.DeleteFunc(all, func(q question) bool { return q.of != nil && !q.of(a) })
}

// newLines returns a line for each question, none asked yet, and how bad a difference
// of it is.
func newLines(table []question, a *api.API, racers int) ([]Line, map[string]Severity) {
	u := &a.Update
	words := strings.NewReplacer("{conflict}", u.ConflictText(), "{invalid}", u.KindText(api.Invalid), "{unknown}",
		orRefused(u.KindText(api.Unknown)),
		"{illegal}", u.KindText(api.Illegal), "{token}", u.TokenMember(), "{state}", u.StateMember(), "{record}", a.Words.Record,
		"{method}", u.Method, "{racers}", strconv.Itoa(racers))
	lines, worst := make([]Line, len(table)), map[string]Severity{}
	for i, q := range table {
		lines[i] = Line{Name: q.name, State: Unasked, Expected: words.Replace(q.expects), Why: words.Replace(q.why)}
		worst[q.name] = q.severity
	}
	return lines, worst
}

func orRefused(text string) string {
	if text == "" {
		return "a refusal"
	}
	return text
}

// Begin asks everything but the races, as far as there are records for it.
func (p *Probe) Begin(ctx context.Context) (Result, error) { return p.part(ctx, p.begin) }

// Finish asks the races, and before them what Begin had no records for. It
// returns what both parts found.
func (p *Probe) Finish(ctx context.Context) (Result, error) { return p.part(ctx, p.finish) }

// Records returns the ids of the records that the probe updates.
func (p *Probe) Records() []string {
	var ids []string
	for _, r := range p.session.records {
		ids = append(ids, r.id)
	}
	return ids
}

// Close frees the connections.
func (p *Probe) Close() { p.session.client.CloseIdle() }

func (p *Probe) part(ctx context.Context, ask func(context.Context)) (Result, error) {
	s := p.session
	limited, cancel := context.WithTimeoutCause(ctx, s.opts.Limit, errLimit)
	defer cancel()
	ask(limited)
	s.judgeMarks()
	s.findDefects()
	s.result.decideVerdict()
	if ctx.Err() != nil {
		return s.result, fmt.Errorf("probing %s: %w", s.client, context.Cause(ctx))
	}
	return s.result, nil
}

// begin asks in an order in which each answer makes the next question safe: first
// what has no effect, then updates.
func (p *Probe) begin(ctx context.Context) {
	p.askAll(ctx, func(q *question) bool { return q.records == 0 && !q.writes })
	switch {
	case p.session.isOver():
		return
	case p.session.opts.ReadOnly:
		p.askReads(ctx)
		return
	}
	p.askRecords(ctx)
	if !p.session.isOver() {
		p.askAll(ctx, func(q *question) bool { return q.records == 0 && q.writes })
		p.session.restoreRecords(ctx)
	}
	if l := p.session.result.findLine("race"); len(p.session.records) == recordsNeeded {
		l.Detail = later
	}
}

// askReads asks about the reads of a record of ours, where there is one.
func (p *Probe) askReads(ctx context.Context) {
	s := p.session
	found, err := s.findRecords(ctx)
	switch {
	case s.isOver():
	case err != nil:
		p.skipRemaining(err.Error())
	case found == 0:
		p.skipRemaining(fmt.Sprintf("it has no usable %s tagged %s yet", s.api.Words.Record, client.TagWord(s.opts.Tag)))
	default:
		p.askAll(ctx, func(q *question) bool { return q.records == 1 && (q.name == "read" || q.name == "read_again") })
		s.records = nil
	}
}

// skipRemaining notes why the questions that need records are not asked.
func (p *Probe) skipRemaining(reason string) {
	for i, q := range p.table {
		if l := &p.session.result.Lines[i]; q.records > 0 && l.State == Unasked {
			l.Detail = client.MakePrintable(reason)
		}
	}
}

// finish asks the races at last: they update a record the most.
func (p *Probe) finish(ctx context.Context) {
	s := p.session
	s.result.findLine("race").Detail = p.reason
	if len(s.records) < recordsNeeded {
		p.askRecords(ctx)
	}
	if !s.isOver() && len(s.records) == recordsNeeded {
		s.askRaces(ctx)
		s.restoreRecords(ctx)
	}
}

// askAll asks some of the questions, until one ends the probe.
func (p *Probe) askAll(ctx context.Context, wanted func(*question) bool) {
	for i := range p.table {
		q := &p.table[i]
		if p.session.isOver() {
			return
		}
		if q.ask != nil && wanted(q) {
			q.ask(p.session, ctx)
		}
	}
}

// askRecords asks what needs records, but the races.
func (p *Probe) askRecords(ctx context.Context) {
	s := p.session
	if p.reason = s.gatherRecords(ctx); p.reason != "" {
		p.skipRemaining(p.reason)
		return
	}
	for i := range p.table {
		q := &p.table[i]
		if q.records == 0 || q.ask == nil || q.name == "race" {
			continue
		}
		if s.isOver() {
			return
		}
		q.ask(s, ctx)
		if q.name == "no_token" {
			s.judgeConditions()
		}
	}
	if !s.isOver() {
		s.measureLatency(ctx)
	}
}
