package client

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/history"
)

// encodeBody returns a text in a coding.
func encodeBody(t *testing.T, coding string, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := map[string]func() io.WriteCloser{
		"gzip":    func() io.WriteCloser { return gzip.NewWriter(&b) },
		"zlib":    func() io.WriteCloser { return zlib.NewWriter(&b) },
		"deflate": func() io.WriteCloser { f, _ := flate.NewWriter(&b, 6); return f },
	}[coding]()
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCodings(t *testing.T) {
	board := boardBody(t, 50)
	tests := []struct {
		name, header string
		body         []byte
		err          string
	}{
		{"none", "", board, ""},
		{"identity", "identity", board, ""},
		{"gzip", "gzip", encodeBody(t, "gzip", board), ""},
		{"x-gzip in capitals", "X-GZIP", encodeBody(t, "gzip", board), ""},
		{"deflate", "deflate", encodeBody(t, "zlib", board), ""},
		{"deflate without zlib's header", "deflate", encodeBody(t, "deflate", board), ""},
		{"another", "br", []byte{0x8b, 2, 0x80}, `Content-Encoding: "br"`},
		{"two", "gzip, br", []byte{0x8b, 2, 0x80}, `Content-Encoding: "gzip, br"`},
		{"no gzip at all", "gzip", board, "says Content-Encoding: gzip and is none"},
		{"broken gzip", "gzip", append(encodeBody(t, "gzip", board)[:200], board...), "says Content-Encoding: gzip and is none"},
		{"a bomb", "gzip", encodeBody(t, "gzip", make([]byte, 1<<20)), "larger than 100 KiB (--list-limit)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client := serve(t, Config{API: apitest.Appointments(t), ListLimit: 100 << 10}, func(w http.ResponseWriter, r *http.Request) {
				if got := r.Header.Values("Accept-Encoding"); len(got) != 1 || got[0] != "identity" {
					t.Errorf("Accept-Encoding %q", got)
				}
				if tt.header != "" {
					w.Header().Set("Content-Encoding", tt.header)
				}
				w.Write(tt.body)
			})
			var b List
			a := client.List(context.Background(), &b)
			if tt.err == "" && (!a.OK() || len(b.Records) != 50) {
				t.Errorf("%d records: %v", len(b.Records), a.Failure())
			}
			if tt.err != "" && (a.Outcome != history.Malformed || a.HTTP != 200 || !strings.Contains(a.Failure().Error(), tt.err)) {
				t.Errorf("outcome %s, HTTP %d: %v; want malformed, %s", a.Outcome, a.HTTP, a.Failure(), tt.err)
			}
		})
	}
}

// TestEmptyCodedAnswer holds that an answer without a body needs no decoding.
func TestEmptyCodedAnswer(t *testing.T) {
	client := serve(t, Config{API: apitest.Appointments(t)}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(http.StatusConflict)
	})
	if a := client.Update(context.Background(), &Attempt{ID: "1", To: "ready", Token: 1}); a.Outcome != history.Rejected || a.Err != nil {
		t.Errorf("outcome %s: %v", a.Outcome, a.Err)
	}
}

// TestEndlessBodies holds that many endless bodies at once take the memory of
// one limit, not one each, and that a list within the limit is still read.
func TestEndlessBodies(t *testing.T) {
	const operators, limit = 20, 24 << 20
	list := boardBody(t, 10_000) // outgrows what a call has of its own
	var endless atomic.Bool
	endless.Store(true)
	client := serve(t, Config{API: apitest.Appointments(t), ListLimit: limit, Timeout: time.Minute}, func(w http.ResponseWriter, _ *http.Request) {
		if !endless.Load() {
			w.(http.Flusher).Flush() // without a Content-Length
			w.Write(list)
			return
		}
		for chunk := bytes.Repeat([]byte(" "), 1<<20); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	var most atomic.Int64
	read := func() {
		var all sync.WaitGroup
		for range operators {
			all.Go(func() {
				var b List
				a := client.List(context.Background(), &b)
				for held := reserve.Load(); held > most.Load(); {
					most.Store(held)
				}
				if endless.Load() && (a.Outcome != history.Malformed || !strings.Contains(a.Failure().Error(), "the answer to a read is larger than 24 MiB (--list-limit)")) {
					t.Errorf("outcome %s: %v", a.Outcome, a.Failure())
				}
				if !endless.Load() && len(b.Records) != 10_000 {
					t.Errorf("%d records: %v", len(b.Records), a.Failure())
				}
			})
		}
		all.Wait()
	}
	read()
	endless.Store(false)
	read()
	if most.Load() > reserveSize {
		t.Errorf("%d bytes of the reserve of %d were in use", most.Load(), reserveSize)
	}
	if reserve.Load() != 0 || len(largest) != 1 {
		t.Errorf("%d bytes of the reserve and %d largest buffers are left", reserve.Load(), len(largest))
	}
}

func TestTally(t *testing.T) {
	var tally Tally
	var answers atomic.Int64
	now := int64(0)
	builds := []string{"1.4.0", "1.4.0", "1.5.0", "", "1.4.0", strings.Repeat("x", 1000)}
	client := serve(t, Config{API: apitest.Appointments(t), Tally: &tally, UpdateLimit: 100, Clock: func() int64 { now++; return now }}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-App-Version", builds[answers.Add(1)-1])
		w.WriteHeader(http.StatusConflict)
		if answers.Load() == 3 {
			w.Write(bytes.Repeat([]byte(" "), 101))
		}
	})
	var board List
	client.List(context.Background(), &board)
	for range builds[1:] {
		client.Update(context.Background(), &Attempt{ID: "1", To: "ready", Token: 1})
	}
	want := []BuildCount{{"1.4.0", 2, 2}, {"1.5.0", 6, 1}, {strings.Repeat("x", longestBuild), 12, 1}}
	if diff := cmp.Diff(want, tally.Builds()); diff != "" {
		t.Errorf("builds (-want +got)\n%s", diff)
	}
	troubles := []TroubleCount{{Trouble: "the answer to an update is larger than 100 bytes (--update-limit)", Attempts: 1}}
	if diff := cmp.Diff(troubles, tally.Troubles()); diff != "" {
		t.Errorf("troubles (-want +got)\n%s", diff)
	}
	for i := range 2 * mostKinds {
		tally.findBuild(fmt.Sprint(i), 1)
	}
	if n := len(tally.Builds()); n != mostKinds {
		t.Errorf("%d builds are held, want %d", n, mostKinds)
	}
}

func TestUnknownRoute(t *testing.T) {
	const stage, signature = "the stage or another part", "the route may want a signature"
	sign := func(*http.Request, []byte) error { return nil }
	tests := []struct {
		name   string
		cfg    Config
		status int
		body   string
		first  string
	}{
		{"unsigned", Config{API: apitest.Appointments(t), Target: "http://shop.example"}, 403, `{"message":"Missing Authentication Token"}`, signature},
		{"signed", Config{API: apitest.Appointments(t), Target: "http://shop.example", Sign: sign}, 403, `{"message":"Missing Authentication Token"}`, stage},
		{"API Gateway's own host", Config{API: apitest.Appointments(t), Target: "https://a.execute-api.eu-central-1.amazonaws.com"}, 403, `{"message":"Missing Authentication Token"}`, stage},
		{"another refusal", Config{API: apitest.Appointments(t), Target: "http://shop.example"}, 403, `{"message":"Forbidden"}`, ""},
		{"another status", Config{API: apitest.Appointments(t), Target: "http://shop.example"}, 401, `{"message":"Missing Authentication Token"}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client, err := New(tt.cfg)
			if err != nil {
				t.Fatal(err)
			}
			got := client.UnknownRoute(tt.status, nil, []byte(tt.body))
			_, after, _ := strings.Cut(got, ": ")
			if (got == "") != (tt.first == "") || !strings.HasPrefix(after, tt.first) {
				t.Errorf("%q, want %q first", got, tt.first)
			}
		})
	}
}
