package client

import (
	"bufio"
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

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// wiredClient returns a client of an API whose calls are wired, over connections of its own.
func wiredClient(t testing.TB, by *api.API, target string) *Client {
	t.Helper()
	c, err := New(Config{
		API: by, Target: target, Date: "2026-11-24", Tag: "load", Transport: &Direct{Dial: (&net.Dialer{}).DialContext, Fallback: http.DefaultTransport},
		Clock: func() int64 { return 1 },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdle)
	return c
}

// A request that is wired is the request that net/http writes, for every API file that
// comes with the program and every value.
func TestWiredRequests(t *testing.T) {
	seen := 0
	for _, name := range api.Names() {
		by, err := api.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range []string{"http://127.0.0.1:8080", "http://user:secret@localhost/base/x"} {
			c := wiredClient(t, by, target)
			for _, w := range []*wire{c.wires.list, c.wires.read, c.wires.update} {
				if w == nil {
					continue
				}
				for _, value := range []string{"7", "a b", "../x?y#z", "ä-👍", "50%", "%2e", "a/b", "a;b,c:d@e!f'(g)*", `"quoted"`, " 1~2 ", "1~2", "", "x\r\nX: y"} {
					v := &api.Vars{ID: value, Token: []byte(value), From: "scheduled", To: "ready", Marker: "m-1", Date: c.date, Tag: c.tag}
					seen += checkWired(t, c, w, v)
				}
			}
		}
	}
	if seen < 100 {
		t.Errorf("%d requests were wired", seen)
	}
}

func checkWired(t *testing.T, c *Client, w *wire, v *api.Vars) (wired int) {
	t.Helper()
	mem := takeRoom()
	defer mem.release()
	made, ok := w.buildCall(v, mem)
	if !ok {
		return 0
	}
	want, err := c.buildCall(w.call, v)
	if err != nil {
		t.Errorf("%s with %q is wired, and is no request: %v", w.call.Template(), v.ID, err)
		return 1
	}
	var text bytes.Buffer
	if err := want.request.Write(&text); err != nil {
		t.Fatal(err)
	}
	got, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(made.text)))
	if err != nil {
		t.Fatalf("%q: %v", made.text, err)
	}
	other, err := http.ReadRequest(bufio.NewReader(&text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(showRequest(t, other), showRequest(t, got)); diff != "" {
		t.Errorf("%s with %q (-net/http +wired):\n%s", w.call.Template(), v.ID, diff)
	}
	return 1
}

func showRequest(t *testing.T, r *http.Request) []string {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return []string{r.Method, r.RequestURI, r.Proto, r.Host, fmt.Sprint(r.Header), fmt.Sprint(r.ContentLength), string(body)}
}

// What an answer means does not depend on whether its request was wired.
func TestWiredAnswers(t *testing.T) {
	by, err := api.Load("appointments")
	if err != nil {
		t.Fatal(err)
	}
	const moved = `{"ok":true,"data":{"appointment_id":"17","status":"ready","version":4}}`
	list := `{"ok":true,"data":{"columns":{"ready":{"items":[{"id":"17","status":"ready","version":3}]}}}}` + strings.Repeat(" ", 9000)
	plain := func(status, body string, fields ...string) string {
		return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s", status, len(body), strings.Join(append(fields, ""), "\r\n"), body)
	}
	answers := []string{
		plain("200 OK", moved), plain("200 OK", list), plain("200", moved, "X-App-Version: 1.4", "Etag: \"a\""), plain("409 Conflict", `{"error":{"code":"version_conflict"}}`),
		plain("503 Service Unavailable", "", "Retry-After: 7"), plain("429 Too", "{}", "retry-after:  3 "), plain("204 No Content", ""), plain("204 No Content", "x"),
		plain("304 Not Modified", "x"), plain("200 OK", moved, "Connection: close"), plain("200 OK", moved, "connection: Keep-Alive"), plain("200 OK", moved, "Content-Length: 3"),
		plain("403 Forbidden", `{"message":"Missing Authentication Token"}`, "x-amzn-errortype: MissingAuthenticationTokenException"), plain("700 Odd", moved), plain("099 Odd", moved),
		plain("200 OK", moved, "X: folded", " line"), plain("200 OK", moved, "No colon"), plain("200 OK", moved, "Bad name: x"), plain("200 OK", moved, "X: \x01"), plain("200 OK", moved, ": x"),
		plain("200 OK", moved, "Content-Encoding: identity"), plain("200 OK", moved, "Content-Encoding: br"), plain("200 OK", moved, "X: "+strings.Repeat("y", 5000)),
		"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n" + moved, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
		fmt.Sprintf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(list), list),
		"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + plain("200 OK", moved), "HTTP/1.1 101 Switching Protocols\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}",
		"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n{}", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}", "HTTP/1.1 200 OK\r\nCont", "",
		"SSH-2.0\r\n\r\n", plain("200 OK", moved) + "more", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("y", maxAnswerHeader), "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
	}
	for i, answer := range answers {
		t.Run(fmt.Sprintf("%d %.40q", i, answer), func(t *testing.T) {
			var said [2]string
			for wired := range 2 {
				// The peer leaves after what it has to say, or a body that is too short would last.
				var tally Tally
				c := wiredClient(t, by, serveOnce(t, answer))
				if c.tally = &tally; wired == 0 {
					c.wires = struct{ list, read, update *wire }{}
				}
				var l List
				r := Record{ID: "17"}
				ctx := context.Background()
				for _, call := range []func() Answer{
					func() Answer { return c.List(ctx, &l) },
					func() Answer { return c.Read(ctx, &r) },
					func() Answer { return c.Update(ctx, &Attempt{ID: "17", From: "scheduled", To: "ready", Token: 3}) },
				} {
					a := call()
					c.CloseIdle()
					said[wired] += fmt.Sprintf("%v %v %q %v\n", a.Outcome, a, a.State, a.Failure())
				}
				said[wired] += fmt.Sprintf("%+v %+v %v %v", recordsOf(&l), r, tally.Builds(), tally.Troubles())
				said[wired] = strings.ReplaceAll(said[wired], strings.TrimPrefix(c.String(), "http://"), "HOST")
			}
			if diff := cmp.Diff(said[0], said[1]); diff != "" {
				t.Errorf("-net/http +wired:\n%s", diff)
			}
		})
	}
}

// A kept connection that the peer closes in place of an answer leaves an update without one,
// and so without an end.
func TestClosedInPlaceOfAnAnswer(t *testing.T) {
	by, err := api.Load("appointments")
	if err != nil {
		t.Fatal(err)
	}
	for name, wired := range map[string]bool{"wired": true, "net/http": false} {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if requests.Add(1) > 1 {
					panic(http.ErrAbortHandler)
				}
				w.WriteHeader(http.StatusConflict)
			}))
			defer server.Close()
			c := wiredClient(t, by, server.URL)
			if !wired {
				c.wires = struct{ list, read, update *wire }{}
			}
			first := c.Update(context.Background(), &Attempt{ID: "17", From: "scheduled", To: "ready", Token: 3})
			second := c.Update(context.Background(), &Attempt{ID: "17", From: "scheduled", To: "ready", Token: 3})
			if first.HTTP != http.StatusConflict || second.Outcome != history.NoAnswer || second.End != history.None || !errors.Is(second.Err, Closed) {
				t.Errorf("first %+v, then %+v: %v", first, second, second.Err)
			}
		})
	}
}

// serveOnce serves connections that end after one answer.
func serveOnce(t *testing.T, answer string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					_, _ = io.Copy(io.Discard, r.Body)
					_, _ = io.WriteString(conn, answer)
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// FuzzHead reads headers that net/http reads as well, and the same.
func FuzzHead(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-App-Version:  1.4 \r\n\r\n{}")
	f.Add("HTTP/1.1 204\r\n\r\n")
	f.Add("HTTP/1.1 409 Conflict\r\ncontent-length:0\r\nConnection: Keep-Alive\r\nEtag: \"\xe4\"\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		h, plain := readHead([]byte(text))
		if !plain {
			return
		}
		resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), &http.Request{Method: "GET"})
		if err != nil {
			t.Fatalf("%q: net/http says %v", text, err)
		}
		if resp.StatusCode != h.status || max(resp.ContentLength, 0) != int64(h.body) || resp.Close || len(resp.TransferEncoding) > 0 {
			t.Errorf("%q: %+v, and net/http reads %+v", text, h, resp)
		}
		fields := h.fields([]byte(text))
		for name, values := range resp.Header {
			if got := string(fields.Get(name)); got != values[0] {
				t.Errorf("%q: %s is %q, and net/http reads %q", text, name, got, values[0])
			}
		}
	})
}
