package probe_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/probe"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/refservertest"
	"github.com/occbench/occbench/seed"
)

var tomorrow = time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)

// wrap puts something between the probe and the reference server.
type wrap func(http.Handler) http.Handler

// reference serves the reference server with 8 records of ours, behind what is
// put around it after seeding.
func reference(t testing.TB, kind, databaseURL string, around wrap) string {
	t.Helper()
	handler := empty(t, kind, databaseURL)
	listening := httptest.NewServer(handler)
	t.Cleanup(listening.Close)
	fill(t, listening.URL)
	if around == nil {
		return listening.URL
	}
	broken := httptest.NewServer(around(handler))
	t.Cleanup(broken.Close)
	return broken.URL
}

// empty returns a reference server without records.
func empty(t testing.TB, kind, databaseURL string) http.Handler {
	t.Helper()
	return refservertest.New(t, refserver.Options{Store: refservertest.Open(t, kind, databaseURL), Build: "b-17"}).Handler()
}

func fill(t testing.TB, target string) {
	t.Helper()
	if _, err := seed.SeedOverHTTP(context.Background(), client.Config{API: apitest.Appointments(t), Target: target}, seed.Options{Date: tomorrow, Parallel: 1}); err != nil {
		t.Fatal(err)
	}
}

// ask probes a target with short times.
func ask(t testing.TB, target string, change ...func(*probe.Options)) probe.Result {
	t.Helper()
	o := probe.Options{Target: client.Config{API: apitest.Appointments(t), Target: target, Date: tomorrow}, Timeout: 10 * time.Second}
	for _, c := range change {
		c(&o)
	}
	r, err := probe.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// briefly runs the races that a broken server needs to be told from a right one. The
// default is three times as many.
func briefly(o *probe.Options) { o.Rounds = 8 }

// states returns the lines that are not ok, and how.
func states(r probe.Result) map[string]string {
	not := map[string]string{}
	for _, l := range r.Lines {
		switch l.State {
		case probe.Differs:
			not[l.Name] = string(l.Severity)
		case probe.Unasked:
			not[l.Name] = string(l.State)
		}
	}
	return not
}

func line(t testing.TB, r probe.Result, name string) probe.Line {
	t.Helper()
	for _, l := range r.Lines {
		if l.Name == name {
			return l
		}
	}
	t.Fatalf("there is no line %s", name)
	return probe.Line{}
}

// board returns the status of each record.
func board(t testing.TB, target string) map[string]string {
	t.Helper()
	c, err := client.New(client.Config{API: apitest.Appointments(t), Target: target, Date: tomorrow})
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseIdle()
	var b client.List
	if a := c.List(context.Background(), &b); !a.OK() {
		t.Fatal(a.Failure())
	}
	at := map[string]string{}
	for _, record := range b.Records {
		at[record.ID] = record.State
	}
	return at
}

func isMove(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/move")
}

// onMove answers moves in another way.
func onMove(other func(w http.ResponseWriter, r *http.Request, next http.Handler)) wrap {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isMove(r) {
				other(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// onAnswer changes answers on their way out.
func onAnswer(which func(*http.Request) bool, change func(rec *httptest.ResponseRecorder)) wrap {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !which(r) {
				next.ServeHTTP(w, r)
				return
			}
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			change(rec)
			send(w, rec)
		})
	}
}

func send(w http.ResponseWriter, rec *httptest.ResponseRecorder) {
	maps.Copy(w.Header(), rec.Header())
	w.Header().Del("Content-Length")
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

// replace changes a text of the answers.
func replace(which func(*http.Request) bool, from, to string) wrap {
	return onAnswer(which, func(rec *httptest.ResponseRecorder) {
		rec.Body = bytes.NewBufferString(strings.ReplaceAll(rec.Body.String(), from, to))
	})
}

func isBoard(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/board") }
func every(*http.Request) bool     { return true }

// refuse answers with a refusal of the contract's form.
func refuse(w http.ResponseWriter, r *http.Request, status int, code string) {
	mark(w, r)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"ok":false,"error":{"code":"`+code+`","message":"no"}}`)
}

// mark puts the headers of every answer.
func mark(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-App-Version", "b-17")
	w.Header().Set("X-Correlation-Id", r.Header.Get("X-Correlation-Id"))
}

// moveBody is the body of a move as a deviant server rewrites it.
type moveBody map[string]any

// rewrite changes the bodies of moves before the server sees them. The record is
// as the server has it at that moment.
func rewrite(change func(body moveBody, record appointment.Card)) wrap {
	return onMove(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		sent, _ := io.ReadAll(r.Body)
		var body moveBody
		if json.Unmarshal(sent, &body) == nil {
			change(body, current(r, next))
			sent, _ = json.Marshal(body)
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
		r.ContentLength = int64(len(sent))
		next.ServeHTTP(w, r)
	})
}

// current asks the server for the record that a move is about.
func current(r *http.Request, next http.Handler) appointment.Card {
	rec := httptest.NewRecorder()
	next.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "http://localhost"+strings.TrimSuffix(r.URL.EscapedPath(), "/move"), nil))
	var answer struct{ Data appointment.Card }
	if json.Unmarshal(rec.Body.Bytes(), &answer) != nil {
		return appointment.Card{}
	}
	return answer.Data
}

// hang never answers. The body is read, since a server does not notice before
// that its client has left.
func hang(r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}
