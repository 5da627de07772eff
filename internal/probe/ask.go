package probe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/go-faster/jx"
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/wait"
)

// path returns a path of the API file; one that cannot be filled in is empty, and
// asking it is an error.
func (p *prober) path(call *api.Request, v *api.Vars) string {
	v.Date = p.opts.Target.Date
	path, err := call.AppendPath(nil, v)
	if err != nil {
		return ""
	}
	return string(path)
}

func (p *prober) cardPath(id string) string { return p.path(&p.api.Read.Request, &api.Vars{ID: id}) }
func (p *prober) movePath(id string) string {
	return p.path(&p.api.Update.Request, &api.Vars{ID: id})
}

// valuesOf returns the values of an update.
func valuesOf(id, to string, expected int64) *api.Vars {
	return &api.Vars{ID: id, To: to, Token: strconv.AppendInt(nil, expected, 10)}
}

// answer is what a question brought.
type answer struct {
	asked  string
	status int // 0 without a complete answer
	header http.Header
	body   []byte
	start  int64       // ns of the client's clock
	end    int64       // the same; history.None without a complete answer
	err    error       // why there is no complete answer
	said   api.Refusal // of an answer to an update, and of any refusal
	envelope
}

// patience is how often a throttled question is asked.
const patience = 4

// ask asks one question, patiently.
func (p *prober) ask(ctx context.Context, method, path string, body []byte) answer {
	return p.patiently(ctx, func() answer { return p.askOnce(ctx, method, path, body) })
}

// patiently asks a throttled question again: the target did nothing but ask for
// time. One that throttled everything lately is not waited for.
func (p *prober) patiently(ctx context.Context, once func() answer) answer {
	for attempt := 1; ; attempt++ {
		a := once()
		if !a.throttled() {
			p.throttles = 0
			return a
		}
		if p.throttles++; p.throttles >= 2*patience || attempt == patience || wait.For(ctx, time.Duration(attempt)*150*time.Millisecond) != nil {
			return a
		}
	}
}

func (p *prober) askOnce(ctx context.Context, method, path string, body []byte) answer {
	a := answer{asked: method + " " + path}
	if len(body) > 0 && len(body) <= 200 {
		a.asked += " " + printable(string(body))
	}
	if err := p.giveUp(ctx); err != nil {
		a.err = err
		return a
	}
	got, err := p.client.Do(ctx, method, path, body)
	a.start, a.end = got.Start, got.End
	if err != nil {
		a.err = err
		p.note(&a)
		return a
	}
	a.status, a.header, a.body = got.Status, got.Header, got.Body
	// A body of another shape has no envelope, which the lines find out.
	_ = json.Unmarshal(got.Body, &a.envelope)
	if method != http.MethodGet || a.status >= 400 {
		p.explain(&a, &api.Vars{})
	}
	p.note(&a)
	return a
}

// explain reads what an answer to an update with these values says.
func (p *prober) explain(a *answer, v *api.Vars) {
	r := &api.Response{Status: a.status, Header: a.header, Body: a.body}
	a.said = p.api.Update.Explain(jx.DecodeBytes(a.body), &api.Scratch{}, r, v)
}

// conflict reports whether an update was refused because its token was stale.
func (a *answer) conflict() bool { return a.err == nil && a.said.Outcome == history.Conflict }

// is reports whether a refusal is of a kind that the API file describes.
func (a *answer) is(kind api.Kind) bool { return a.err == nil && a.said.Kind == kind }

// silent is how many calls in a row may go without an answer before the target
// counts as gone.
const silent = 4

var errGone = errors.New("the target no longer answers")

func (p *prober) giveUp(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silence >= silent {
		return errGone
	}
	return nil
}

// insist asks a question that must be refused, and asks it once more when the
// answer was lost or a server error: a target that fails now and then has an
// answer of its own, which is the one to judge.
func insist(question func() answer) answer {
	a := question()
	if a.err == nil && (a.status < 500 || a.throttled()) {
		return a
	}
	return question()
}

// post insists on an answer to a body sent to a path.
func (p *prober) post(ctx context.Context, path string, body []byte) answer {
	return insist(func() answer { return p.ask(ctx, p.api.Update.Method, path, body) })
}

// move asks for a move of a card.
func (p *prober) move(ctx context.Context, id string, to string, expected int64) answer {
	return p.patiently(ctx, func() answer { return p.moveOnce(ctx, 1, id, to, expected) })
}

// moveOnce sends one attempt to move a card, and records it as that of an
// operator.
func (p *prober) moveOnce(ctx context.Context, operator int32, id string, to string, expected int64) answer {
	a := p.askOnce(ctx, p.api.Update.Method, p.movePath(id), p.moveBody(to, expected))
	p.explain(&a, valuesOf(id, to, expected))
	p.recordMove(operator, id, to, expected, &a)
	return a
}

func (p *prober) moveBody(to string, expected int64) []byte {
	body, err := p.api.Update.AppendBody(nil, valuesOf("", to, expected))
	if err != nil {
		return nil
	}
	return body
}

// millis is how long the answer took.
func (a *answer) millis() float64 { return float64(a.end-a.start) / 1e6 }

func (a *answer) success() bool { return a.status >= 200 && a.status < 300 }

// throttled reports an answer that had no effect and promises a better one.
func (a *answer) throttled() bool {
	return a.status == http.StatusTooManyRequests || a.is(api.Busy)
}

// words says what was answered.
func (a *answer) words() string {
	if a.err != nil {
		return a.err.Error()
	}
	if code := printable(a.said.Code); code != "" {
		return fmt.Sprintf("HTTP %d %s", a.status, code)
	}
	return fmt.Sprintf("HTTP %d", a.status)
}
