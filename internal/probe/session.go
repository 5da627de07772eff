package probe

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
)

// session is one probe under way.
type session struct {
	client  *client.Client
	api     *api.API
	opts    Options
	result  Result
	worst   map[string]Severity // by line: of a difference
	records []*record           // those that may be updated, recordsNeeded of them
	odd     int                 // rows with the tag whose id cannot be recorded

	throttles  int             // throttled answers in a row, races apart
	usedUp     record          // records[0] as it was before an update; without a token: none was made
	taken      map[string]bool // lines whose update was accepted although its token was none to accept
	weak       string          // a weak tag that was read; empty: none was
	alwaysWeak bool            // it stays weak
	shown      []Defect

	word     string // begins the markers of this probe
	attempts atomic.Int64

	mu      sync.Mutex // the racers of a race ask at once
	noted   marks
	silence int          // calls in a row without an answer
	ops     []history.Op // what was asked of our records, for the checker
}

func newSession(o Options, lines []Line, worst map[string]Severity) (*session, error) {
	cfg := o.Target
	if cfg.API == nil {
		return nil, errors.New("probing needs an API")
	}
	s := &session{opts: o, worst: worst, taken: map[string]bool{}, word: strconv.FormatUint(rand.Uint64()|1<<63, 36)[:8]}
	s.noted.trace = fmt.Sprintf("occbench-probe-%016x", rand.Uint64())
	cfg.Timeout, cfg.Tag = o.Timeout, o.Tag
	cfg.Sign = s.noted.stamp(cfg.API.Trace, cfg.Sign)
	asker, err := client.New(cfg)
	if err != nil {
		return nil, err
	}
	s.client, s.api = asker, asker.API()
	s.result = Result{Format: Format, API: s.api.Name, Record: s.api.Words.Record, Target: client.Redact(cfg.Target), Tag: o.Tag,
		Lines: lines}
	if s.hasDays() {
		s.result.Date = cfg.Date
	}
	return s, nil
}

// hasDays reports whether the list is that of a day.
func (s *session) hasDays() bool { return s.api.List != nil && s.api.List.Uses("date") }

// isOver reports whether the probe has come to a verdict before its end.
func (s *session) isOver() bool { return s.result.Reason != "" }

// endProbe ends the probe: the target does not speak the API.
func (s *session) endProbe(format string, args ...any) {
	s.result.Reason = client.MakePrintable(fmt.Sprintf(format, args...))
}

// marker returns a word that no other attempt carries.
func (s *session) marker() string {
	return s.word + "-" + strconv.FormatInt(s.attempts.Add(1), 36)
}

// isLineIn reports whether the line of a name is in a state.
func (s *session) isLineIn(name string, state State) bool {
	l := s.result.findLine(name)
	return l != nil && l.State == state
}

// markKept settles a line: it is as the API file says.
func (s *session) markKept(name string, a answer) { s.markLine(name, OK, "", a, "") }

// markNoted settles a line as something that a client has to know.
func (s *session) markNoted(name string, a answer, format string, args ...any) {
	s.markLine(name, Noted, "", a, fmt.Sprintf(format, args...))
}

// markDifferent settles a line as different, with the severity of its question.
func (s *session) markDifferent(name string, a answer, format string, args ...any) {
	s.markLine(name, Differs, s.worst[name], a, fmt.Sprintf(format, args...))
}

// markBroken settles a line as a broken promise, whatever the severity of its question.
func (s *session) markBroken(name string, a answer, format string, args ...any) {
	s.markLine(name, Differs, Broken, a, fmt.Sprintf(format, args...))
}

// markUnanswered settles a line that was not answered.
func (s *session) markUnanswered(name string, a answer) {
	s.markLine(name, Unasked, "", a, a.describe())
}

// markSkipped settles a line that could not be asked.
func (s *session) markSkipped(name, format string, args ...any) {
	s.markLine(name, Unasked, "", answer{}, fmt.Sprintf(format, args...))
}

func (s *session) markLine(name string, state State, severity Severity, a answer, detail string) {
	l := s.result.findLine(name)
	if l == nil {
		return // the question is none for this API
	}
	l.State, l.Severity, l.Asked, l.Detail = state, severity, a.asked, client.MakePrintable(detail)
	l.Answered = Answered{HTTP: a.status, Code: client.MakePrintable(a.said.Code), Excerpt: client.Excerpt(a.body),
		Millis: a.milliseconds()}
}

// markUndecided settles a line for which the target gave no answer of its own:
// none at all, or only that it is busy. It reports whether it did.
func (s *session) markUndecided(name string, a answer) bool {
	if a.err == nil && !a.isThrottled() {
		return false
	}
	s.markUnanswered(name, a)
	return true
}

func (s *session) warn(format string, args ...any) {
	s.result.Warnings = append(s.result.Warnings, client.MakePrintable(fmt.Sprintf(format, args...)))
}

// proveDefect adds a defect that no rule about two operations with one token covers.
func (s *session) proveDefect(id check.ID, sentence string, proof ...history.Op) {
	d := Defect{ID: id, Sentence: client.MakePrintable(sentence)}
	for i := range proof {
		o := &proof[i]
		d.Proof = append(d.Proof, check.Evidence{Operator: o.Operator, Kind: o.Kind, Start: o.Start, End: o.End, Record: o.Record,
			Expected: o.Expected, ExpectedText: o.ExpectedText, Target: o.Target, Outcome: o.Outcome, HTTP: o.HTTP, Token: o.Token,
			TokenText: o.TokenText, State: o.State, Marker: o.Marker})
	}
	s.shown = append(s.shown, d)
}

// findDefects has the checker judge what the probe recorded. Others may use the
// records too, so that only what holds whatever they do counts.
func (s *session) findDefects() {
	report := check.History(s.ops, nil, check.Options{API: s.api, Shared: true, Excerpt: true, Opaque: !s.api.Counting})
	var all []Defect
	for i := range report.Anomalies {
		f := &report.Anomalies[i]
		all = append(all, Defect{ID: f.ID, Sentence: f.Sentence, Proof: f.Operations})
	}
	s.result.addDefects(append(all, s.shown...))
}

// nameRecord names a record in a sentence.
func (s *session) nameRecord(r *record) string {
	return s.api.Words.Record + " " + history.EncodeText(r.id)
}

// states returns the field that an update changes.
func (s *session) states() *api.States { return &s.api.States }

// chooseState returns a state to which an update of the record is legal, one that leads
// back where there is such; empty where the API has no states.
func (s *session) chooseState(r *record) string {
	if to := s.states().FindOnward(r.state); to != "" || len(s.states().Legal[r.state]) == 0 {
		return to
	}
	return s.states().Legal[r.state][0]
}

// shortenToken returns a token for a sentence.
func shortenToken(token string) string {
	const longest = 60
	if token = client.MakePrintable(token); len(token) > longest {
		return strings.ToValidUTF8(token[:longest], "") + "…"
	}
	return token
}

// explainEnd returns why nothing more is asked, or nil.
func (s *session) explainEnd(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.silence >= silent {
		return errGone
	}
	return nil
}

// countsOn reports whether a token counts on from another.
func (s *session) countsOn(from, to string) bool { return api.Integer(to) == api.Integer(from)+1 }

// silent is how many calls in a row may go without an answer before the target
// counts as gone.
const silent = 4

var errGone = errors.New("the target no longer answers")

// record is a record that may be updated, as the target showed it last.
type record struct {
	id, token, state, marker string
	raw, tag, changed        string // of a list; raw is the token as it is written
	home                     string // where it stood before the probe
}

// isSameToken reports whether two tokens are the same.
func (s *session) isSameToken(a, b string) bool { return s.canonicalToken(a) == s.canonicalToken(b) }

// canonicalToken returns a token as it is sent back: one that counts in its shortest
// spelling, others as they are.
func (s *session) canonicalToken(token string) string {
	if n := api.Integer(token); s.api.Counting && n > 0 {
		return fmt.Sprint(n)
	}
	return token
}
