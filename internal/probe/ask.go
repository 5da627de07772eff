package probe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/occbench/occbench/internal/wait"
)

// The calls of the contract.
const (
	appointmentsPath = "/api/admin/appointments/"
	boardPath        = appointmentsPath + "board"
	statsPath        = "/api/admin/dashboard/stats"
)

func cardPath(id string) string { return appointmentsPath + url.PathEscape(id) }
func movePath(id string) string { return cardPath(id) + "/move" }

// answer is what a question brought.
type answer struct {
	asked  string
	status int // 0 without a complete answer
	header http.Header
	body   []byte
	start  int64 // ns of the client's clock
	end    int64 // the same; history.None without a complete answer
	err    error // why there is no complete answer
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
	p.note(&a)
	return a
}

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
	return insist(func() answer { return p.ask(ctx, http.MethodPost, path, body) })
}

// move asks for a move of a card.
func (p *prober) move(ctx context.Context, id string, to string, expected int64) answer {
	return p.patiently(ctx, func() answer { return p.moveOnce(ctx, 1, id, to, expected) })
}

// moveOnce sends one attempt to move a card, and records it as that of an
// operator.
func (p *prober) moveOnce(ctx context.Context, operator int32, id string, to string, expected int64) answer {
	a := p.askOnce(ctx, http.MethodPost, movePath(id), moveBody(to, expected))
	p.recordMove(operator, id, to, expected, &a)
	return a
}

func moveBody(to string, expected int64) []byte {
	return fmt.Appendf(nil, `{"new_status":%q,"expected_version":%d}`, to, expected)
}

// millis is how long the answer took.
func (a *answer) millis() float64 { return float64(a.end-a.start) / 1e6 }

func (a *answer) success() bool { return a.status >= 200 && a.status < 300 }

// throttled reports an answer that had no effect and promises a better one.
func (a *answer) throttled() bool {
	return a.status == http.StatusTooManyRequests ||
		a.status == http.StatusServiceUnavailable && a.refusal().Code == "store_busy"
}

// into reads the data member as far as it has the wanted types.
func (a *answer) into(v any) {
	// What does not fit stays zero, and the caller says what is missing.
	_ = json.Unmarshal(a.Data, v)
}

// words says what was answered.
func (a *answer) words() string {
	if a.err != nil {
		return a.err.Error()
	}
	if code := printable(a.refusal().Code); code != "" {
		return fmt.Sprintf("HTTP %d %s", a.status, code)
	}
	return fmt.Sprintf("HTTP %d", a.status)
}
