package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/history"
)

// TestNoAnswer holds that whatever keeps an answer from being complete makes
// no_answer, without an end and without a status that was not fully read.
func TestNoAnswer(t *testing.T) {
	hijack := func(w http.ResponseWriter, text string) net.Conn {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return nil
		}
		if _, err := io.WriteString(conn, text); err != nil {
			t.Error(err)
		}
		return conn
	}
	const head = "HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n{\"data\":"
	tests := []struct {
		name    string
		handler http.HandlerFunc
		err     string
	}{
		{"hangs before the headers", func(w http.ResponseWriter, _ *http.Request) { untilClosed(hijack(w, "")) }, "no complete answer within 50ms"},
		{"hangs in the body", func(w http.ResponseWriter, _ *http.Request) { untilClosed(hijack(w, head)) }, "no complete answer within 50ms"},
		{"trickles", func(w http.ResponseWriter, _ *http.Request) {
			conn := hijack(w, head)
			defer conn.Close()
			for {
				if _, err := io.WriteString(conn, " "); err != nil {
					return
				}
			}
		}, "no complete answer within 50ms"},
		{"closes before the headers", func(w http.ResponseWriter, _ *http.Request) { hijack(w, "").Close() }, "EOF"},
		{"closes in the body", func(w http.ResponseWriter, _ *http.Request) { hijack(w, head).Close() }, "unexpected EOF"},
		{"speaks no HTTP", func(w http.ResponseWriter, _ *http.Request) { hijack(w, "SSH-2.0-OpenSSH_9.2\r\n").Close() }, "malformed"},
		{"has no such status", func(w http.ResponseWriter, _ *http.Request) {
			hijack(w, "HTTP/1.1 042 Odd\r\nContent-Length: 0\r\n\r\n").Close()
		}, "042"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := Config{API: apitest.Appointments(t)}
			if strings.Contains(tt.err, "50ms") {
				cfg.Timeout = 50 * time.Millisecond // only where it has to run out
			}
			client := serve(t, cfg, tt.handler)
			var board List
			read := client.List(context.Background(), &board)
			move := client.Update(context.Background(), &Attempt{ID: "1", To: "ready", Token: 1})
			for call, a := range map[string]Answer{"board": read, "move": move} {
				if a.Outcome != history.NoAnswer || a.End != history.None || a.HTTP != 0 {
					t.Errorf("%s: outcome %d, end %d, HTTP %d; want no answer", call, a.Outcome, a.End, a.HTTP)
				}
				if a.Err == nil || !strings.Contains(a.Err.Error(), tt.err) {
					t.Errorf("%s: error %v, want one with %s", call, a.Err, tt.err)
				}
			}
			if _, err := client.Do(context.Background(), "GET", "/x", nil); err == nil {
				t.Error("Do: no error")
			}
		})
	}
}

// untilClosed holds a connection until the client gives it up.
func untilClosed(conn net.Conn) {
	defer conn.Close()
	_, _ = io.Copy(io.Discard, conn)
}

func TestRefusedConnection(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	client, err := New(Config{API: apitest.Appointments(t), Target: "http://me:secret@" + listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	var board List
	a := client.List(context.Background(), &board)
	if a.Outcome != history.NoAnswer || a.Err == nil {
		t.Fatalf("outcome %d, error %v; want no answer", a.Outcome, a.Err)
	}
	if _, err := client.Build(context.Background()); err == nil || strings.Contains(err.Error()+a.Err.Error(), "secret") {
		t.Errorf("errors %v, %v", a.Err, err)
	}
}

func TestEndedContext(t *testing.T) {
	client := serve(t, Config{API: apitest.Appointments(t)}, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	a := client.Update(ctx, &Attempt{ID: "1", To: "ready", Token: 1})
	if a.Outcome != history.NoAnswer || !errors.Is(a.Err, context.Canceled) {
		t.Errorf("outcome %d, error %v; want no answer and %v", a.Outcome, a.Err, context.Canceled)
	}
}

// TestBodyLimit holds that a body over the limit is not kept, whether its
// length is announced or not.
func TestBodyLimit(t *testing.T) {
	tests := []struct {
		size int
		ok   bool
	}{{1000, true}, {1001, false}, {100_000, false}}
	for _, tt := range tests {
		for _, chunked := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d chunked=%v", tt.size, chunked), func(t *testing.T) {
				client := serve(t, Config{API: apitest.Appointments(t), UpdateLimit: 1000, ListLimit: 1000}, func(w http.ResponseWriter, _ *http.Request) {
					if chunked {
						w.(http.Flusher).Flush()
					}
					w.Write(bytes.Repeat([]byte(" "), tt.size))
				})
				got, err := client.Do(context.Background(), "GET", "/x", nil)
				if (err == nil) != tt.ok || len(got.Body) > 1000 || tt.ok && len(got.Body) != tt.size {
					t.Errorf("%d bytes, error %v", len(got.Body), err)
				}
				a := client.Update(context.Background(), &Attempt{ID: "1", To: "ready", Token: 1})
				if a.Outcome != history.Malformed || a.End == history.None || a.HTTP != 200 {
					t.Errorf("outcome %d, end %d, HTTP %d; want malformed", a.Outcome, a.End, a.HTTP)
				}
			})
		}
	}
}

// TestLargeBoard reads a board that is larger than what a Content-Length is
// believed.
func TestLargeBoard(t *testing.T) {
	body := boardBody(t, 5000)
	client := serve(t, Config{API: apitest.Appointments(t)}, func(w http.ResponseWriter, _ *http.Request) { w.Write(body) })
	var board List
	for range 2 {
		if a := client.List(context.Background(), &board); !a.OK() || len(board.Records) != 5000 {
			t.Fatalf("%d records of %d bytes: %v", len(board.Records), len(body), a.Failure())
		}
	}
}

func TestConnectionReuse(t *testing.T) {
	var opened atomic.Int32
	body := boardBody(t, 50)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cookie") != "" {
			t.Errorf("a cookie came back: %s", r.Header.Get("Cookie"))
		}
		w.Header().Set("Set-Cookie", "session=1")
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusConflict)
		}
		w.Write(body)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	client, err := New(Config{API: apitest.Appointments(t), Target: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdle()
	var board List
	for range 20 {
		client.List(context.Background(), &board)
		client.Update(context.Background(), &Attempt{ID: "1", To: "ready", Token: 1})
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections for one operator, want 1", n)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestSigning holds that the signer sees what is sent, that its time is not
// measured, and that it signs a copy.
func TestSigning(t *testing.T) {
	now, sent := int64(100), 0
	cfg := Config{API: apitest.Appointments(t), Target: "http://shop.example", Clock: func() int64 { now++; return now }}
	cfg.Sign = func(r *http.Request, body []byte) error {
		now += 1_000_000
		if r.Header.Get("X-Signature") != "" {
			t.Error("the request is signed already")
		}
		r.Header.Set("X-Signature", string(body))
		r.URL.RawQuery = "signed=1"
		return nil
	}
	cfg.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		sent++
		body := []byte{}
		if r.Body != nil {
			var err error
			if body, err = io.ReadAll(r.Body); err != nil {
				t.Error(err)
			}
		}
		if got := r.Header.Get("X-Signature"); got != string(body) || r.URL.RawQuery != "signed=1" {
			t.Errorf("signature %q and query %q for body %q", got, r.URL.RawQuery, body)
		}
		now += 7
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("{}"))}, nil
	})
	client, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var board List
	for range 2 {
		for _, a := range []Answer{client.List(context.Background(), &board), client.Update(context.Background(), &Attempt{ID: "1", To: "ready", Token: 1})} {
			if a.End-a.Start != 8 {
				t.Errorf("latency %d, want the transport's 7 and a tick", a.End-a.Start)
			}
		}
	}
	if sent != 4 {
		t.Errorf("%d requests, want 4", sent)
	}
}

// TestSigningFails holds that a move that could not be signed is not sent, and
// not recorded as one that may have been applied.
func TestSigningFails(t *testing.T) {
	cause := errors.New("no credentials")
	client := serve(t, Config{API: apitest.Appointments(t), Sign: func(*http.Request, []byte) error { return cause }}, func(http.ResponseWriter, *http.Request) {
		t.Error("an unsigned request was sent")
	})
	a := client.Update(context.Background(), &Attempt{ID: "1", To: "ready", Token: 1})
	if a.Outcome != history.Unauthorized || a.HTTP != 0 || a.End != a.Start || !errors.Is(a.Err, cause) {
		t.Errorf("outcome %d, end %d, error %v", a.Outcome, a.End, a.Err)
	}
}

func TestDo(t *testing.T) {
	var asked []string
	client := serve(t, Config{API: apitest.Appointments(t)}, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		asked = append(asked, fmt.Sprintf("%s %s %q %s", r.Method, r.URL.RequestURI(), r.Header.Get("Content-Type"), body))
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusFound)
		w.Write([]byte("over there"))
	})
	got, err := client.Do(context.Background(), "PUT", "/a/b%2Fc?x=1", []byte(`{}`))
	if err != nil || got.Status != 302 || string(got.Body) != "over there" || got.End < got.Start {
		t.Errorf("answer %+v, error %v", got, err)
	}
	if len(asked) != 1 || asked[0] != `PUT /a/b%2Fc?x=1 "application/json" {}` {
		t.Errorf("asked %q", asked)
	}
	for _, path := range []string{"http://elsewhere.example/", "//elsewhere.example/", "a", "", "/%zz", "/\x00"} {
		if got, err := client.Do(context.Background(), "GET", path, nil); err == nil {
			t.Errorf("path %q: got %+v, want an error", path, got)
		}
	}
}

func TestHealth(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		want   string
		err    string
	}{
		{"well", 200, `{"ok":true,"data":{"status":"ok","service":"shop","version":"b1","store":"sqlite"}}`, "b1", ""},
		{"build in the header", 200, `{"data":{"status":"ok"}}`, "b2", ""},
		{"store is down", 503, `{"ok":false}`, "b2", "HTTP status 503"},
		{"not well", 200, `{"data":{"status":"degraded"}}`, "b2", "degraded"},
		{"no JSON", 200, `<html>`, "b2", "unexpected byte"},
		{"another shape", 200, `{"data":[1]}`, "b2", "its $.data.status is"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client := serve(t, Config{API: apitest.Appointments(t)}, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-App-Version", "b2")
				w.WriteHeader(tt.status)
				w.Write([]byte(tt.body))
			})
			got, err := client.Build(context.Background())
			if got != tt.want {
				t.Errorf("build %q, want %q", got, tt.want)
			}
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("error %v, want one with %q", err, tt.err)
			}
		})
	}
}
