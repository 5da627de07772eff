package probe

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
)

// marks are what every answer must carry; they are noted as answers come and
// judged at the end.
type marks struct {
	correlation string  // what is sent as X-Correlation-Id
	answers     int     // complete answers
	refusals    int     // of these, with a status from 400
	noBuild     *answer // the first without X-App-Version
	noEcho      *answer // the first without our X-Correlation-Id
	noEnvelope  *answer // the first refusal without the envelope
}

func newCorrelation() string { return fmt.Sprintf("occbench-probe-%016x", rand.Uint64()) }

// stamp puts the correlation id on each request before it is signed, and has the
// requests of a race wait for each other.
func (m *marks) stamp(header string, sign func(*http.Request, []byte) error) func(*http.Request, []byte) error {
	id := m.correlation
	return func(r *http.Request, body []byte) error {
		if header != "" {
			r.Header.Set(header, id)
		}
		hold(r)
		if sign == nil {
			return nil
		}
		return sign(r, body)
	}
}

// note remembers what an answer carries.
func (p *prober) note(a *answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a.err != nil {
		p.silence++
		return
	}
	p.silence = 0
	m := &p.noted
	m.answers++
	remember(&m.noBuild, a, p.api.Build != "" && a.header.Get(p.api.Build) == "")
	remember(&m.noEcho, a, p.api.Trace != "" && a.header.Get(p.api.Trace) != m.correlation)
	if a.status >= 400 {
		m.refusals++
		remember(&m.noEnvelope, a, a.said.Form != "")
	}
}

func remember(first **answer, a *answer, lacking bool) {
	if lacking && *first == nil {
		kept := *a
		*first = &kept
	}
}

// judgeMarks decides the lines about what every answer carries.
func (p *prober) judgeMarks() {
	m := &p.noted
	p.judgeMark("app_version", m.answers, m.noBuild, "an answer without it: %s")
	p.judgeMark("correlation_id", m.answers, m.noEcho, "an answer without it: %s")
	p.judgeMark("error_envelope", m.refusals, m.noEnvelope, "a refusal without it: %s")
}

func (p *prober) judgeMark(name string, asked int, lacking *answer, detail string) {
	switch {
	case p.foreign() || asked == 0:
		return
	case lacking != nil:
		p.differs(name, *lacking, detail, lacking.question())
	default:
		p.ok(name, answer{asked: fmt.Sprintf("all %d answers", asked)})
	}
}

// question is what was asked, without the body.
func (a *answer) question() string {
	method, path, _ := strings.Cut(a.asked, " ")
	path, _, _ = strings.Cut(path, " ")
	return method + " " + path
}
