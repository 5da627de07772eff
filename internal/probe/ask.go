package probe

import (
	"context"
	"net/http"
	"time"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/wait"
)

// newValues returns the values of a call about a record.
func (s *session) newValues(id string) *api.Vars {
	v := &api.Vars{ID: id, Tag: s.opts.Tag, Date: s.opts.Target.Date, Marker: s.marker()}
	if n, ok := s.api.RecordNumber(s.opts.Tag, id); ok {
		v.Number = n
	}
	return v
}

// patience is how often a throttled question is asked.
const patience = 4

// ask asks a question that is no update, patiently.
func (s *session) ask(ctx context.Context, call *api.Request, v *api.Vars) answer {
	return s.askPatiently(ctx, func() answer { return s.askOnce(ctx, call, v) })
}

// askWrite asks for an update, patiently. It is recorded by its caller where it is one
// that an operator would make.
func (s *session) askWrite(ctx context.Context, call *api.Request, v *api.Vars) answer {
	return s.askPatiently(ctx, func() answer { return s.writeOnce(ctx, call, v) })
}

// askPatiently asks a throttled question again: the target did nothing but ask for
// time. One that throttled everything lately is not waited for.
func (s *session) askPatiently(ctx context.Context, once func() answer) answer {
	for attempt := 1; ; attempt++ {
		a := once()
		if !a.isThrottled() {
			s.throttles = 0
			return a
		}
		if s.throttles++; s.throttles >= 2*patience || attempt == patience ||
			wait.For(ctx, time.Duration(attempt)*150*time.Millisecond) != nil {
			return a
		}
	}
}

func (s *session) askOnce(ctx context.Context, call *api.Request, v *api.Vars) answer {
	return s.receiveAnswer(ctx, describeCall(call, v), false, v, s.makeSender(ctx, call, v))
}

func (s *session) writeOnce(ctx context.Context, call *api.Request, v *api.Vars) answer {
	return s.receiveAnswer(ctx, describeCall(call, v), true, v, s.makeSender(ctx, call, v))
}

func (s *session) makeSender(ctx context.Context, call *api.Request, v *api.Vars) func() (client.Response, error) {
	return func() (client.Response, error) { return s.client.Send(ctx, call, v) }
}

// receiveAnswer makes a call and reads what its answer says, of an update or of a refusal.
func (s *session) receiveAnswer(ctx context.Context, asked string, writes bool, v *api.Vars, call func() (client.Response, error)) answer {
	a := answer{asked: asked, end: history.None}
	if a.err = s.explainEnd(ctx); a.err != nil {
		return a
	}
	got, err := call()
	a.start, a.end = got.Start, got.End
	if err != nil {
		a.err = err
		s.rememberMarks(&a)
		return a
	}
	a.status, a.header, a.body = got.Status, got.Header, got.Body
	if writes || a.status >= 400 {
		a.said = s.api.Update.Explain(jx.DecodeBytes(a.body), &api.Scratch{}, a.response(), v)
	}
	s.rememberMarks(&a)
	return a
}

// describeCall says what is asked: method, path, the headers of this call, its body.
func describeCall(call *api.Request, v *api.Vars) string {
	path, err := call.AppendPath(nil, v)
	if err != nil {
		return call.Method + " " + call.Template()
	}
	asked := call.Method + " " + string(path)
	for _, h := range call.Headers() {
		if value, err := h.Append(nil, v); err == nil && h.Name != "Content-Type" {
			asked += " " + h.Name + ": " + shortenToken(string(value))
		}
	}
	body, err := call.AppendBody(nil, v)
	if err == nil && len(body) > 0 && len(body) <= 200 {
		asked += " " + client.MakePrintable(string(body))
	}
	return asked
}

// updateRecord asks for an update of a record that names a token, as an operator does.
func (s *session) updateRecord(ctx context.Context, r *record, to, token string) answer {
	return s.askPatiently(ctx, func() answer { return s.updateRecordOnce(ctx, 1, r, to, token) })
}

// updateRecordOnce sends one attempt to update a record, and records it as that of an
// operator.
func (s *session) updateRecordOnce(ctx context.Context, operator int32, r *record, to, token string) answer {
	v := s.newValues(r.id)
	v.From, v.To, v.Token = r.state, to, []byte(token)
	a := s.writeOnce(ctx, &s.api.Update.Request, v)
	s.recordUpdate(operator, r.id, token, v, &a)
	return a
}

// askTwice asks a question that must be refused, and asks it once more when the
// answer was lost or a server error: a target that fails now and then has an
// answer of its own, which is the one to judge.
func askTwice(question func() answer) answer {
	a := question()
	if a.err == nil && (a.status < 500 || a.isThrottled()) {
		return a
	}
	return question()
}

// rememberMarks notes what an answer carries.
func (s *session) rememberMarks(a *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.err != nil {
		s.silence++
		return
	}
	s.silence = 0
	m := &s.noted
	m.answers++
	keepFirst(&m.noBuild, a, s.api.Build != "" && a.header.Get(s.api.Build) == "")
	keepFirst(&m.noTrace, a, s.api.Trace != "" && a.header.Get(s.api.Trace) != m.trace)
	if a.status >= 400 {
		m.refusals++
		keepFirst(&m.noForm, a, a.said.Form != "")
	}
}

// askWith insists on an answer to an update with another body.
func (s *session) askWith(ctx context.Context, v *api.Vars, body []byte) answer {
	a := askTwice(func() answer { return s.askWrite(withBody(ctx, body), &s.api.Update.Request, v) })
	a.asked = a.describeRequest()
	if len(body) <= 200 {
		a.asked += " " + client.MakePrintable(string(body))
	}
	return a
}

// makeGetter returns a GET of a path.
func (s *session) makeGetter(ctx context.Context, path string) func() (client.Response, error) {
	return func() (client.Response, error) { return s.client.Do(ctx, http.MethodGet, path, nil) }
}
