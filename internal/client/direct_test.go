package client

import (
	"bufio"
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
)

// newDirect returns a Direct that counts the connections it opens.
func newDirect() (*Direct, *atomic.Int64) {
	var opened atomic.Int64
	return &Direct{
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			opened.Add(1)
			var d net.Dialer
			return d.DialContext(ctx, network, address)
		},
		Fallback: http.DefaultTransport,
	}, &opened
}

func ask(t *testing.T, rt http.RoundTripper, method, url, body string) (*http.Response, string, error) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return askWith(t, rt, r)
}

func askWith(t *testing.T, rt http.RoundTripper, r *http.Request) (*http.Response, string, error) {
	t.Helper()
	resp, err := rt.RoundTrip(r)
	if err != nil {
		return nil, "", err
	}
	data, err := io.ReadAll(resp.Body)
	if closeErr := resp.Body.Close(); closeErr != nil {
		t.Fatal(closeErr)
	}
	return resp, string(data), err
}

func TestDirectAnswers(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/empty":
			w.WriteHeader(http.StatusNoContent)
		case "/chunked":
			for range 3 {
				fmt.Fprint(w, strings.Repeat("x", 5000))
				w.(http.Flusher).Flush()
			}
		case "/last":
			w.Header().Set("Connection", "close")
			fmt.Fprint(w, "bye")
		default:
			fmt.Fprintf(w, "%s %s %s", r.Method, r.Header.Get("X-Test"), body)
		}
	}))
	defer server.Close()
	d, opened := newDirect()
	cases := []struct {
		name, method, path, body, want string
		opened                         int64
	}{
		{"first", "GET", "/", "", "GET  ", 1},
		{"kept", "POST", "/", "hello", "POST  hello", 1},
		{"empty", "GET", "/empty", "", "", 1},
		{"chunked", "GET", "/chunked", "", strings.Repeat("x", 15000), 1},
		{"the server closes", "GET", "/last", "", "bye", 1},
		{"after that", "GET", "/", "", "GET  ", 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, got, err := ask(t, d, c.method, server.URL+c.path, c.body)
			if err != nil || got != c.want {
				t.Errorf("got %.40q, %v", got, err)
			}
			if opened.Load() != c.opened {
				t.Errorf("%d connections were opened, want %d", opened.Load(), c.opened)
			}
		})
	}
	d.CloseIdleConnections()
	if d.popIdle() != nil {
		t.Error("a connection is still idle")
	}
}

// startRawServer serves connections by hand: each answer is written after one request
// header was read; "" closes the connection instead.
func startRawServer(t *testing.T, connections ...[]string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for _, answers := range connections {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go serveRaw(conn, answers)
		}
	}()
	return "http://" + l.Addr().String()
}

func serveRaw(conn net.Conn, answers []string) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	for _, a := range answers {
		if _, err := http.ReadRequest(r); err != nil || a == "" {
			return
		}
		if _, err := io.WriteString(conn, a); err != nil {
			return
		}
	}
	_, _ = io.Copy(io.Discard, r) // stay open until the client leaves
}

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// A connection that ends while a request is on its way is replaced for a GET; a
// POST is not sent twice, and its error tells the race.
func TestDirectOnAConnectionThatEnds(t *testing.T) {
	for _, method := range []string{"GET", "POST"} {
		t.Run(method, func(t *testing.T) {
			url := startRawServer(t, []string{ok, ""}, []string{ok})
			d, opened := newDirect()
			if _, _, err := ask(t, d, "GET", url, ""); err != nil {
				t.Fatal(err)
			}
			_, got, err := ask(t, d, method, url, "")
			if method == "GET" && (err != nil || got != "ok" || opened.Load() != 2) {
				t.Errorf("GET: %q, %v, %d connections", got, err, opened.Load())
			}
			if method == "POST" && (!errors.Is(err, Closed) || opened.Load() != 1) {
				t.Errorf("POST: %v, %d connections", err, opened.Load())
			}
		})
	}
	t.Run("POST that only reads", func(t *testing.T) {
		bodies := make(chan string, 3)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			bodies <- string(body) + r.Header.Get(repeatable)
			if len(bodies) == 2 {
				panic(http.ErrAbortHandler)
			}
			fmt.Fprint(w, "ok")
		}))
		defer server.Close()
		d, opened := newDirect()
		for range 2 {
			r, err := http.NewRequest("POST", server.URL, strings.NewReader("which"))
			if err != nil {
				t.Fatal(err)
			}
			r.Header[repeatable] = nil
			if _, got, err := askWith(t, d, r); err != nil || got != "ok" {
				t.Errorf("%q, %v", got, err)
			}
		}
		if opened.Load() != 2 || len(bodies) != 3 {
			t.Errorf("%d connections, %d requests, want 2 and 3", opened.Load(), len(bodies))
		}
		for range len(bodies) {
			if body := <-bodies; body != "which" {
				t.Errorf("the server got %q", body)
			}
		}
	})
	t.Run("new connection", func(t *testing.T) {
		d, _ := newDirect()
		if _, _, err := ask(t, d, "POST", startRawServer(t, []string{""}), ""); err == nil || errors.Is(err, Closed) {
			t.Errorf("%v, want another error: no server closes a connection for being idle before its first request", err)
		}
	})
}

// frontEnd is a server whose connections can be waited for.
type frontEnd struct {
	*httptest.Server
	open atomic.Int64
}

func newFrontEnd(t *testing.T, idle time.Duration) *frontEnd {
	f := &frontEnd{Server: httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }))}
	f.Config.IdleTimeout = idle
	f.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			f.open.Add(1)
		case http.StateClosed:
			f.open.Add(-1)
		}
	}
	f.Start()
	t.Cleanup(f.Close)
	return f
}

func (f *frontEnd) untilClosed() {
	for f.open.Load() > 0 {
		time.Sleep(time.Millisecond)
	}
}

// A POST never goes over a connection whose end has arrived: not behind a front
// end that closes what is idle for 50 ms, nor behind one that reloads.
func TestDirectBehindAFrontEnd(t *testing.T) {
	cases := []struct {
		name  string
		idle  time.Duration
		after func(*frontEnd)
	}{
		{"idle connections are closed", 50 * time.Millisecond, (*frontEnd).untilClosed},
		{"a reload closes all", 0, func(f *frontEnd) { f.CloseClientConnections(); f.untilClosed() }},
		{"connections are kept", 0, func(*frontEnd) {}},
	}
	for _, c := range cases {
		for _, wrapped := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, wrapped %v", c.name, wrapped), func(t *testing.T) {
				f := newFrontEnd(t, c.idle)
				d, opened := newDirect()
				if wrapped {
					d.Dial = wrapDial(d.Dial)
				}
				const requests = 5
				for i := range requests {
					if _, got, err := ask(t, d, "POST", f.URL, "x"); err != nil || got != "ok" {
						t.Fatalf("request %d: %q, %v", i, got, err)
					}
					c.after(f)
				}
				if want := map[bool]int64{true: 1, false: requests}[c.name == "connections are kept"]; opened.Load() != want {
					t.Errorf("%d connections, want %d", opened.Load(), want)
				}
			})
		}
	}
}

// wrapper hides a connection as k6 does, and shows it as its NetConn.
type wrapper struct{ net.Conn }

func (w wrapper) NetConn() net.Conn { return w.Conn }

func wrapDial(dial func(context.Context, string, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		return wrapper{conn}, err
	}
}

// A connection that cannot be peeked at is asked before a POST goes over it when
// it has long been idle.
func TestDirectAsksWhatItCannotPeekAt(t *testing.T) {
	f := newFrontEnd(t, 0)
	d, opened := newDirect()
	for i := range 3 {
		if _, got, err := ask(t, d, "POST", f.URL, "x"); err != nil || got != "ok" {
			t.Fatalf("request %d: %q, %v", i, got, err)
		}
		d.idle[0].peeker = nil
		d.idle[0].since = now() - moment(time.Minute)
		if i == 1 {
			f.CloseClientConnections()
			f.untilClosed()
		}
	}
	if opened.Load() != 2 {
		t.Errorf("%d connections, want one that is kept although it was idle, and one after the server closed it", opened.Load())
	}
}

func TestDirectRefuses(t *testing.T) {
	cases := []struct{ name, answer, want string }{
		{"no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", "malformed HTTP"},
		{"endless header", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("y", maxAnswerHeader) + "\r\n\r\n", "larger than"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d, _ := newDirect()
			_, _, err := ask(t, d, "GET", startRawServer(t, []string{c.answer, ""}, []string{c.answer, ""}), "")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// Bytes that were not asked for are not taken for the next answer.
func TestDirectDropsUnaskedBytes(t *testing.T) {
	url := startRawServer(t, []string{ok + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"}, []string{ok})
	d, opened := newDirect()
	for range 2 {
		if _, got, err := ask(t, d, "GET", url, ""); err != nil || got != "ok" {
			t.Fatalf("%q, %v", got, err)
		}
	}
	if opened.Load() != 2 {
		t.Errorf("the connection was kept")
	}
}

func TestDirectSkipsInterimAnswers(t *testing.T) {
	d, _ := newDirect()
	_, got, err := ask(t, d, "GET", startRawServer(t, []string{"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok}), "")
	if err != nil || got != "ok" {
		t.Errorf("%q, %v", got, err)
	}
}

// The context ends a request that is not answered and a body that stops in the
// middle, and such a connection is not kept.
func TestDirectEndsWithItsContext(t *testing.T) {
	for name, answer := range map[string]string{"no answer": " ", "half a body": "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"} {
		t.Run(name, func(t *testing.T) {
			d, _ := newDirect()
			ctx, cancel := context.WithCancel(t.Context())
			r, err := http.NewRequestWithContext(ctx, "GET", startRawServer(t, []string{answer}), nil)
			if err != nil {
				t.Fatal(err)
			}
			time.AfterFunc(20*time.Millisecond, cancel)
			_, _, err = askWith(t, d, r)
			if err == nil {
				t.Fatal("no error")
			}
			if name == "no answer" && !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
			if d.popIdle() != nil {
				t.Error("the connection is kept")
			}
		})
	}
}

func TestDirectLeavesTLSToTheFallback(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "secret") }))
	defer server.Close()
	d, opened := newDirect()
	d.Fallback = server.Client().Transport
	if _, got, err := ask(t, d, "GET", server.URL, ""); err != nil || got != "secret" || opened.Load() != 0 {
		t.Errorf("%q, %v, %d connections", got, err, opened.Load())
	}
}
