package probe_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/probe"
)

// TestDialects offers shops that mean the same and say it differently.
func TestDialects(t *testing.T) {
	for _, c := range []struct {
		name   string
		around wrap
		reason string
	}{
		{"PATCH, with Allow", method(http.MethodPatch, true), "another dialect: moves are a PATCH, not a POST (Allow: PATCH)"},
		{"PATCH, where POST is unknown", method(http.MethodPatch, false), "another dialect: moves are a PATCH, not a POST"},
		{"PUT", method(http.MethodPut, true), "another dialect: moves are a PUT, not a POST"},
		{"status instead of new_status", renamed(map[string]string{"status": "new_status"}), "another dialect: moves take status instead of new_status"},
		{"version instead of expected_version", renamed(map[string]string{"version": "expected_version"}), "another dialect: moves take version instead of expected_version"},
		{"both of them", renamed(map[string]string{"version": "expected_version", "status": "new_status"}), "another dialect: moves take status and version instead of"},
		{"upper-case statuses of records", replace(isBoard, `"status":"scheduled"`, `"status":"SCHEDULED"`), `another dialect: appointments have the state "SCHEDULED" instead of scheduled`},
		{"upper-case statuses of moves", upperMoves, "another dialect: moves take upper-case states"},
		{"an array of columns", boardData(func(data map[string]any) { data["columns"] = []any{map[string]any{"name": "scheduled"}} }), "another dialect: array stands where object was declared"},
		{"columns of arrays", boardData(func(data map[string]any) { data["columns"] = map[string]any{"scheduled": []any{}} }), "another dialect: array stands where object was declared"},
		{"no envelope", replaceAll(`{"columns":{"scheduled":{"items":[]}}}`), "another dialect: it has no $.data.columns"},
		{"a bare array", replaceAll(`[{"id":"1"}]`), "another dialect: array stands where object was declared"},
		{"data is an array", replaceAll(`{"ok":true,"data":[]}`), "another dialect: array stands where object was declared"},
		{"records without version", replace(isBoard, `"version":`, `"revision":`), "another dialect: no appointment of the board carries a token"},
		{"moves that always fail", onMove(func(w http.ResponseWriter, r *http.Request, _ http.Handler) { refuse(w, r, 500, "internal") }), "a legal update with the fresh token (POST /api/admin/appointments/"},
		{"moves that are forbidden", onMove(func(w http.ResponseWriter, r *http.Request, _ http.Handler) { refuse(w, r, 403, "forbidden") }), "is answered HTTP 403 forbidden"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			turnedAway(t, ask(t, reference(t, "sqlite", "", c.around)), c.reason)
		})
	}
}

// turnedAway checks that a target is not load-tested, and why.
func turnedAway(t *testing.T, r probe.Result, reason string) {
	t.Helper()
	if r.Verdict != probe.Foreign || !errors.Is(r.Err(), probe.ErrForeign) || !strings.Contains(r.Reason, reason) {
		t.Errorf("verdict %s, reason %q, want one with %q", r.Verdict, r.Reason, reason)
	}
	if l := line(t, r, "race"); l.State != probe.Unasked || l.Detail == "" {
		t.Errorf("the race was %s: %s", l.State, l.Detail)
	}
}

// TestNotThisAPI offers what else may answer at an address.
func TestNotThisAPI(t *testing.T) {
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		reason  string
	}{
		{"a login page", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, "<!DOCTYPE html><title>Sign in</title>\x1b[2J<form>")
		}, "it answers the call of the board with a web page, such as a login page: <!DOCTYPE html><title>Sign in</title> [2J<form>"},
		{"a redirect to one", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) }, "it redirects the call of the board (HTTP 302) to \"/login\""},
		{"no such page", http.NotFound, "it does not show the board: GET /api/admin/appointments/board?date="},
		{"access denied", func(w http.ResponseWriter, r *http.Request) { refuse(w, r, http.StatusForbidden, "forbidden") }, "it refuses access to the board (HTTP 403 forbidden)"},
		{"garbage", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(bytes.Repeat([]byte{0xff, 0x00, 0x07}, 1000))
		}, "the board is not JSON"},
		{"nothing at all", func(http.ResponseWriter, *http.Request) {}, "the board is not JSON"},
		{"other JSON", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"status":"up"}`) }, "another dialect: it has no $.data.columns"},
		{"JSON without columns", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"ok":true,"data":{"users":[]}}`)
		}, "another dialect: it has no $.data.columns"},
		{"deep nesting", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("[", 100_000)) }, "the board is not JSON"},
		{"a server that never answers", func(_ http.ResponseWriter, r *http.Request) { hang(r) }, "it accepts connections and does not answer"},
		{"a board that never ends", func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, `{"ok":true,`)
			w.(http.Flusher).Flush()
			hang(r)
		}, "it accepts connections and does not answer"},
		{"a huge body", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"ok":true,"data":"`+strings.Repeat("x", 1<<20)+`"}`)
		}, "the answer to a read is larger than 256 KiB (--list-limit)"},
		{"a coding that was not asked for", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			w.Write([]byte("\x8b\x02\x80\x00\xff"))
		}, `the answer is compressed (Content-Encoding: "br"), which was not asked for and cannot be read`},
		{"bytes that are no text", func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte("\x1f\x8b\x08\x00\x00\xff\xfe\xfdK\xcc"))
		}, "the board is not JSON: (10 bytes that are no text)"},
		{"a path that API Gateway does not know", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			w.Write([]byte(`{"message":"Missing Authentication Token"}`))
		}, "the stage or another part of the path may be missing in the target"},
		{"a closed connection", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "it gives no complete answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(c.handler)
			t.Cleanup(server.Close)
			turnedAway(t, ask(t, server.URL, func(o *probe.Options) {
				if strings.Contains(c.name, "never") {
					o.Timeout = 200 * time.Millisecond
				}
				o.Target.ListLimit = 256 << 10
			}), c.reason)
		})
	}
}

func TestMovesThatAreNeverAnswered(t *testing.T) {
	target := reference(t, "sqlite", "", onMove(func(_ http.ResponseWriter, r *http.Request, _ http.Handler) { hang(r) }))
	r := ask(t, target, func(o *probe.Options) { o.Timeout = 500 * time.Millisecond })
	turnedAway(t, r, "it accepts connections and does not answer")
}

func TestUnreachable(t *testing.T) {
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	secure.Config.ErrorLog = nil
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	for _, c := range []struct {
		name, target, reason string
		transport            http.RoundTripper
	}{
		{"nobody listens", "http://127.0.0.1:1", "nothing listens there (connection refused)", nil},
		{"no such host", "http://no-such-host.invalid", "the host no-such-host.invalid cannot be found", nil},
		{"TLS expected, plain spoken", strings.Replace(plain.URL, "http:", "https:", 1), "it does not speak TLS; is the target meant to begin with http://?", nil},
		{"plain expected, TLS spoken", strings.Replace(secure.URL, "https:", "http:", 1), "it speaks TLS; is the target meant to begin with https://?", nil},
		{"an unknown authority", secure.URL, "signed by an authority this machine does not trust", nil},
		{"a certificate for another host", strings.Replace(secure.URL, "127.0.0.1", "localhost", 1), "its certificate is for another host", trusting(secure)},
		{"no HTTP at all", "http://" + greeter(t), "what answers there does not speak HTTP", nil},
		{"credentials in the target", "http://alice:hunter2@127.0.0.1:1", "connection refused", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := ask(t, c.target, func(o *probe.Options) { o.Target.Transport = c.transport })
			turnedAway(t, r, c.reason)
			encoded, err := json.Marshal(r)
			if err != nil || bytes.Contains(encoded, []byte("hunter2")) || bytes.Contains(encoded, []byte("alice")) {
				t.Errorf("the result shows credentials: %s; %v", encoded, err)
			}
		})
	}
}

// trusting returns a transport that trusts a server's authority.
func trusting(s *httptest.Server) http.RoundTripper {
	pool := s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
}

// greeter listens and answers HTTP as a mail server does.
func greeter(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1))
			_, _ = io.WriteString(conn, "500 unrecognized command\r\n")
			_, _ = io.Copy(io.Discard, conn)
			_ = conn.Close()
		}
	}()
	return listener.Addr().String()
}

// TestForeignTargetsAreAskedNoMoves makes sure that nothing is moved, nor made,
// where the board is not understood.
func TestForeignTargetsAreAskedNoMoves(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s was called", r.Method, r.URL.Path)
		}
		_, _ = io.WriteString(w, `{"ok":true,"data":{"columns":[]}}`)
	}))
	defer server.Close()
	ask(t, server.URL, func(o *probe.Options) {
		o.Provide = func(context.Context, int) ([]string, error) { t.Error("records were asked for"); return nil, nil }
	})
}

// TestTheSignerSeesTheTrace makes sure that signatures cover it.
func TestTheSignerSeesTheTrace(t *testing.T) {
	target := reference(t, "sqlite", "", nil)
	unsigned := 0
	r := ask(t, target, func(o *probe.Options) {
		o.Racers = 1
		o.Target = client.Config{API: apitest.Appointments(t), Target: target, Date: tomorrow, Sign: func(r *http.Request, _ []byte) error {
			if r.Header.Get("X-Correlation-Id") == "" {
				unsigned++
			}
			return nil
		}}
	})
	if unsigned > 0 || r.Verdict != probe.Speaks {
		t.Errorf("%d requests were signed without it; verdict %s", unsigned, r.Verdict)
	}
}

// method serves moves with another method than POST, saying so in Allow or not.
func method(name string, allow bool) wrap {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case !strings.HasSuffix(r.URL.Path, "/move"):
			case r.Method == name:
				r.Method = http.MethodPost
			case allow:
				w.Header().Set("Allow", name)
				refuse(w, r, http.StatusMethodNotAllowed, "method_not_allowed")
				return
			default:
				refuse(w, r, http.StatusNotFound, "not_found")
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// renamed serves moves whose members have other names than the contract's.
func renamed(names map[string]string) wrap {
	return rewriteBody(func(body moveBody) {
		for theirs, ours := range names {
			if value, ok := body[theirs]; ok {
				body[ours] = value
			} else {
				delete(body, ours)
			}
			delete(body, theirs)
		}
	})
}

func rewriteBody(change func(moveBody)) wrap {
	return onMove(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		var body moveBody
		sent, _ := io.ReadAll(r.Body)
		if json.Unmarshal(sent, &body) == nil {
			change(body)
			sent, _ = json.Marshal(body)
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(sent)), int64(len(sent))
		next.ServeHTTP(w, r)
	})
}

// upperMoves takes only upper-case statuses in moves.
func upperMoves(next http.Handler) http.Handler {
	return rewriteBody(func(body moveBody) {
		s, _ := body["new_status"].(string)
		if s == strings.ToUpper(s) {
			body["new_status"] = strings.ToLower(s)
		} else {
			body["new_status"] = "unknown"
		}
	})(next)
}

// boardData changes the data of boards.
func boardData(change func(map[string]any)) wrap {
	return onAnswer(isBoard, func(rec *httptest.ResponseRecorder) {
		var body map[string]any
		if json.Unmarshal(rec.Body.Bytes(), &body) != nil {
			return
		}
		if data, ok := body["data"].(map[string]any); ok {
			change(data)
		}
		rec.Body.Reset()
		_ = json.NewEncoder(rec.Body).Encode(body)
	})
}

// replaceAll answers every board with one text.
func replaceAll(text string) wrap {
	return onAnswer(isBoard, func(rec *httptest.ResponseRecorder) {
		rec.Body.Reset()
		rec.Body.WriteString(text)
	})
}
