package apicheck

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/occbench/occbench/internal/api"
)

// shownBody is how many bytes of a body are shown.
const shownBody = 1000

// send makes a call and shows it with its answer.
func (s *session) send(ctx context.Context, name string, call *api.Request) (*api.Response, error) {
	s.showRequest(name, call)
	got, err := s.client.Send(ctx, call, s.vars)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s.result.Calls++
	r := &api.Response{Status: got.Status, Header: got.Header, Body: got.Body}
	s.showAnswer(r, time.Duration(got.End-got.Start))
	return r, nil
}

func (s *session) print(format string, values ...any) {
	// What cannot be written to a pipe that closed is lost; the result tells the rest.
	_, _ = fmt.Fprintf(s.Out, format, values...)
}

func (s *session) showRequest(name string, call *api.Request) {
	path, err := call.AppendPath(nil, s.vars)
	if err != nil {
		path = []byte(call.Template())
	}
	s.print("\n%s  %s %s\n", name, call.Method, escapeUnprintable(path))
	for _, h := range call.Headers() {
		if value, err := h.Append(nil, s.vars); err == nil {
			s.print("  > %s: %s\n", h.Name, escapeUnprintable(value))
		}
	}
	if call.HasBody() {
		if body, err := call.AppendBody(nil, s.vars); err == nil {
			s.print("  > %s\n", cutExcerpt(body))
		}
	}
}

func (s *session) showAnswer(r *api.Response, took time.Duration) {
	s.print("  < %d %s, %d bytes, %s\n", r.Status, http.StatusText(r.Status), len(r.Body), took.Round(10*time.Microsecond))
	for _, name := range []string{"Content-Type", "Etag", "Location", "Retry-After"} {
		for _, value := range r.Header[name] {
			s.print("  < %s: %s\n", name, escapeUnprintable([]byte(value)))
		}
	}
	if len(bytes.TrimSpace(r.Body)) > 0 {
		s.print("  < %s\n", cutExcerpt(r.Body))
	}
}

// matchRoles returns a filter for roles that begin with one of those given.
func matchRoles(roles ...string) func(role string) bool {
	return func(role string) bool {
		return slices.ContainsFunc(roles, func(begin string) bool { return strings.HasPrefix(role, begin) })
	}
}

// showPlaces shows what stands at the places that matter in an answer.
func (s *session) showPlaces(all []api.Seen, matters func(role string) bool) []api.Seen {
	var shown []api.Seen
	for _, at := range all {
		if matters(at.Role) {
			shown = append(shown, at)
		}
	}
	for _, at := range shown {
		value := "nothing"
		if at.There {
			value = "= " + cutExcerpt([]byte(at.Value))
		}
		s.print("    %-24s %s %s\n", fmt.Sprintf("%s:%d:%d", s.File, at.Line, at.Col), cutLastKey(at.Role)+"  "+at.Place, value)
	}
	return shown
}

// cutLastKey returns the last key of a role, with the number of its part where it is one of a pair.
func cutLastKey(role string) string {
	at := strings.LastIndexByte(role, '.')
	if part := role[at+1:]; len(part) == 1 && part[0] >= '0' && part[0] <= '9' {
		at = strings.LastIndexByte(role[:at], '.')
	}
	return role[at+1:]
}

// cutExcerpt returns the start of a text, fit for a terminal.
func cutExcerpt(text []byte) string {
	if len(text) <= shownBody {
		return escapeUnprintable(text)
	}
	return escapeUnprintable(text[:shownBody]) + fmt.Sprintf("… (%d bytes more)", len(text)-shownBody)
}

// escapeUnprintable turns every rune that would move a cursor into its escape.
func escapeUnprintable(text []byte) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(string(text), "\uFFFD") {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t' || unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
