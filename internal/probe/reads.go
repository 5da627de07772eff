package probe

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
)

// reads ask what has no effect.
var reads = []question{
	{name: "health", expects: "it is well and says what the API file tells", severity: Deviation,
		why: "a result is worth nothing without the build it was measured on",
		of:  func(a *api.API) bool { return a.Health != nil }, ask: (*session).askHealth},
	{name: "list", expects: "it can be read", severity: Fatal,
		why: "every turn begins with reading it", of: hasList, ask: (*session).askList},
	{name: "list_rows", expects: "each with an id, a token and a state that the API file names", severity: Deviation,
		why: "the token is what an update is conditional on", of: hasList},
	{name: "build_header", expects: "the header of the build on every answer", severity: Deviation,
		why: "a deploy in the middle of a run is seen by it", of: func(a *api.API) bool { return a.Build != "" }},
	{name: "trace_header", expects: "the header of the trace comes back as sent", severity: Deviation,
		why: "one attempt is found in the server's log by it", of: func(a *api.API) bool { return a.Trace != "" }},
	{name: "bad_date", expects: "{invalid}", severity: Deviation,
		why: "a mistyped date must not look like an empty list",
		of:  func(a *api.API) bool { return hasList(a) && a.List.Uses("date") && a.Update.Describes(api.Invalid) },
		ask: (*session).askBadDate},
	{name: "read", expects: "the {record} with its token", severity: Deviation, records: 1,
		why: "a client reads one {record} again with it after a conflict", of: hasRead, ask: (*session).askRead},
	{name: "read_again", expects: "the same token again without an update between", severity: Broken, records: 1,
		why: "a token that changes by itself turns every update into a conflict", of: hasRead, ask: (*session).askReadAgain},
}

// askHealth asks for the build. A target without the call is survived; one that
// cannot be reached is not asked anything else.
func (s *session) askHealth(ctx context.Context) {
	h := s.api.Health
	a := s.ask(ctx, &h.Request, s.newValues(""))
	if a.err != nil {
		if reason, final := explainUnreachable(a.err); final {
			s.endProbe("%s", reason)
		}
		s.markUnanswered("health", a)
		return
	}
	build, err := h.ReadBuild(jx.DecodeBytes(a.body), &api.Scratch{}, a.response())
	says := h.ReadDetails(jx.DecodeBytes(a.body), &api.Scratch{}, a.response())
	s.result.Service, s.result.Store = client.MakePrintable(says["service"]), client.MakePrintable(says["store"])
	s.result.Build = client.MakePrintable(build)
	var lacking []string
	for name, value := range says {
		if value == "" {
			lacking = append(lacking, name)
		}
	}
	slices.Sort(lacking)
	switch {
	case err != nil:
		s.markDifferent("health", a, "%s", err)
	case len(lacking) > 0:
		s.markDifferent("health", a, "it does not tell %s", strings.Join(lacking, ", "))
	default:
		s.markKept("health", a)
	}
}

// askList asks for the list, which decides whether there is anything to talk about: a
// list that cannot be read ends the probe.
func (s *session) askList(ctx context.Context) {
	rows, a, err := s.readListOnce(ctx)
	if a.err != nil {
		reason, _ := explainUnreachable(a.err)
		s.endProbe("%s", reason)
		return
	}
	reason := s.explainForeign(&a, "the "+s.api.Words.List, err)
	if reason == "" {
		reason = s.describeRows(&a, rows)
	}
	if reason != "" {
		s.markDifferent("list", a, "%s", reason)
		s.endProbe("%s", reason)
		return
	}
	s.markKept("list", a)
	s.judgeRows(a, rows)
}

// judgeRows decides the line about the rows of the list, by the first that differs.
// Without any the line is not asked.
func (s *session) judgeRows(a answer, rows []record) {
	if len(rows) == 0 {
		s.markLine("list_rows", Unasked, "", a, "the "+s.api.Words.List+" has no "+s.api.Words.Record)
		return
	}
	for i := range rows {
		if err := s.findLack([]byte(rows[i].raw), rows[i].state); err != nil {
			s.markDifferent("list_rows", a, "%s: %s", s.nameRecord(&rows[i]), err)
			return
		}
	}
	s.markKept("list_rows", a)
}

// explainForeign says why an answer to a read is none of the API's, or "". err is what is
// wrong with it in the words of the API file.
func (s *session) explainForeign(a *answer, what string, err error) string {
	if words := s.client.UnknownRoute(a.status, a.header, a.body); words != "" {
		return "it refuses " + what + ": " + words
	}
	switch {
	case err == nil:
		return ""
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		return fmt.Sprintf("it refuses access to %s (%s); --auth says how requests are authenticated, `occbench doctor` whether that works",
			what, a.describe())
	case a.status >= 300 && a.status < 400:
		return fmt.Sprintf("it redirects the call of %s (HTTP %d) to %s; is that a login page?", what, a.status,
			quoteText(a.header.Get("Location")))
	case bytes.Contains(a.body, []byte("HTTP request to an HTTPS server")):
		return "it speaks TLS; is the target meant to begin with https://?"
	case !a.isSuccess():
		return fmt.Sprintf("it does not show %s: %s answers %s", what, a.describeRequest(), a.describe())
	case looksLikeHTML(a):
		return fmt.Sprintf("it answers the call of %s with a web page, such as a login page: %s", what, client.Excerpt(a.body))
	case s.readsJSON(what) && !json.Valid(a.body):
		return fmt.Sprintf("%s is not JSON: %s", what, client.Excerpt(a.body))
	}
	return fmt.Sprintf("another dialect: %s: %s", err, client.Excerpt(a.body))
}

// readsJSON reports whether what a read shows has to be JSON: a list always is.
func (s *session) readsJSON(what string) bool {
	return s.api.List != nil && what == "the "+s.api.Words.List
}

func looksLikeHTML(a *answer) bool {
	start := bytes.ToLower(bytes.TrimSpace(a.body[:min(len(a.body), 512)]))
	return strings.Contains(a.header.Get("Content-Type"), "text/html") || bytes.HasPrefix(start, []byte("<!doctype html")) ||
		bytes.HasPrefix(start, []byte("<html"))
}

func (s *session) askBadDate(ctx context.Context) {
	v := s.newValues("")
	v.Date = "tomorrow"
	a := s.ask(ctx, &s.api.List.Request, v)
	if !s.markUndecided("bad_date", a) {
		s.judgeRefusal("bad_date", a, api.Invalid, "")
	}
}

// askExtra returns what asks a call of the API file that is none of a run.
func askExtra(e *api.Extra) func(*session, context.Context) {
	return func(s *session, ctx context.Context) {
		v := s.newValues("")
		a := s.ask(ctx, &e.Request, v)
		if s.markUndecided(e.Name, a) {
			return
		}
		if err := e.Check(jx.DecodeBytes(a.body), &api.Scratch{}, a.response(), v); err != nil {
			s.markDifferent(e.Name, a, "%s", err)
			return
		}
		s.markKept(e.Name, a)
	}
}

// listExtras returns a question for each extra call of an API file.
func listExtras(a *api.API) []question {
	var all []question
	for i := range a.Extra {
		e := &a.Extra[i]
		all = append(all, question{name: e.Name, expects: "what the API file says of this call", severity: Deviation,
			why: "people who use the API ask for it too", ask: askExtra(e)})
	}
	return all
}

// askRead asks for one of our records by its id.
func (s *session) askRead(ctx context.Context) {
	r := s.records[0]
	a, sight, err := s.readRecord(ctx, r.id)
	switch {
	case s.markUndecided("read", a):
	case err != nil && s.api.List == nil:
		s.markLine("read", Differs, Fatal, a, err.Error())
		s.endProbe("%s: %s", s.nameRecord(r), err)
	case err != nil:
		s.markDifferent("read", a, "%s", err)
	case s.api.List != nil && !s.isSameToken(string(sight.Token), r.token):
		s.markDifferent("read", a, "it shows the token %s; the %s, %s", shortenToken(string(sight.Token)), s.api.Words.List,
			shortenToken(r.token))
	default:
		s.markKept("read", a)
	}
}

func (s *session) askReadAgain(ctx context.Context) {
	r := s.records[0]
	if s.isLineIn("read", Differs) {
		s.markSkipped("read_again", "%s cannot be read by its id", s.nameRecord(r))
		return
	}
	if err := s.refreshRecord(ctx, r); err != nil {
		s.markSkipped("read_again", "%s", err)
		return
	}
	for range 2 {
		a, sight, err := s.readRecord(ctx, r.id)
		switch {
		case s.markUndecided("read_again", a):
			return
		case err != nil:
			s.markDifferent("read_again", a, "%s", err)
			return
		case !s.isSameToken(string(sight.Token), r.token):
			s.markDifferent("read_again", a, "the token was %s and is %s now, and nothing was updated", shortenToken(r.token),
				shortenToken(string(sight.Token)))
			return
		}
		s.markKept("read_again", a)
	}
}

// judgeMarks decides the lines about what every answer carries.
func (s *session) judgeMarks() {
	m := &s.noted
	s.judgeMark("build_header", m.answers, m.noBuild, "an answer without it: %s")
	s.judgeMark("trace_header", m.answers, m.noTrace, "an answer without it: %s")
	s.judgeMark("refusal_form", m.refusals, m.noForm, "a refusal without it: %s")
}

func (s *session) judgeMark(name string, asked int, lacking *answer, detail string) {
	switch {
	case s.isOver() || asked == 0:
		return
	case lacking != nil:
		s.markDifferent(name, *lacking, detail, lacking.describeRequest())
	default:
		s.markKept(name, answer{asked: fmt.Sprintf("all %d answers", asked)})
	}
}
