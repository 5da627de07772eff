package client

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// TestDeadlineOfAConnection holds that a call over the connections of a Direct ends
// after its timeout, whether the server is silent before or within its answer, and
// that a kept connection is fit for a call that begins after the deadline of the one
// before it.
func TestDeadlineOfAConnection(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		switch r.URL.Path {
		case "/items/silent":
			<-release
		case "/items/half":
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, `{"note":`)
			w.(http.Flusher).Flush()
			<-release
		default:
			fmt.Fprint(w, `{"note":"m","state":"open"}`)
		}
	}))
	defer server.Close()
	defer close(release)
	by, err := api.Compile("items.yaml", []byte(itemsFile))
	if err != nil {
		t.Fatal(err)
	}
	direct, opened := newDirect()
	const timeout = 100 * time.Millisecond
	c, err := New(Config{API: by, Target: server.URL, Transport: direct, Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseIdle()
	for name, ctx := range map[string]context.Context{"only the timeout ends it": context.Background(), "its context may end too": t.Context()} {
		t.Run(name, func(t *testing.T) {
			for _, m := range []string{"silent", "half"} {
				if a := c.Read(ctx, &Record{ID: m}); a.Outcome != history.NoAnswer || a.End != history.None || !strings.Contains(fmt.Sprint(a.Err), "no complete answer within 100ms") {
					t.Errorf("%s: %s, %v", m, a.Outcome, a.Err)
				}
			}
			before := opened.Load()
			for range 2 {
				if a := c.Read(ctx, &Record{ID: "1"}); !a.OK() {
					t.Errorf("afterwards: %v", a.Failure())
				}
				time.Sleep(timeout + 20*time.Millisecond) // beyond the deadline of the call that is over
			}
			if n := opened.Load() - before; n != 1 {
				t.Errorf("%d connections were opened for two calls, want 1", n)
			}
		})
	}
}

// deadlines counts the deadlines that a connection is given.
type deadlines struct {
	net.Conn
	set int
}

func (d *deadlines) SetDeadline(time.Time) error {
	d.set++
	return nil
}

// TestDeadlineIsKept holds that a call sets a deadline where the one of an earlier call would
// end it too soon or too late, and nowhere else.
func TestDeadlineIsKept(t *testing.T) {
	conn := &deadlines{}
	l := &line{conn: conn}
	begin := now()
	for i, call := range []struct {
		after, timeout time.Duration
		set            int
	}{
		{0, time.Minute, 1}, {time.Second / 2, time.Minute, 1}, {time.Second, time.Minute, 2}, {time.Second, time.Hour, 3}, {time.Second, time.Minute, 4},
		{time.Hour, time.Minute, 5},
	} {
		by := &deadline{Context: context.Background(), began: begin + moment(call.after), timeout: call.timeout}
		l.setDeadline(by)
		if conn.set != call.set || l.end < by.end() || l.end > by.began+moment(MaxCallTime(call.timeout)) {
			t.Errorf("call %d: %d deadlines were set, want %d; it ends after %s", i, conn.set, call.set, time.Duration(l.end-by.began))
		}
	}
	defer l.watchContext(t.Context())()
	if conn.set != 6 || l.end != 0 {
		t.Errorf("a context that ends by itself leaves the deadline")
	}
}
