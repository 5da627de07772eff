package refserver_test

import (
	"context"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/store"
)

func TestHealthWithoutStore(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		s, err := refserver.OpenStore(context.Background(), kind, url)
		if err != nil {
			t.Fatal(err)
		}
		_, base := serve(t, refserver.Options{Store: s})
		if r := call(t, http.MethodGet, base+"/healthz", ""); r.status != http.StatusOK || r.data()["store"] != kind {
			t.Errorf("with the store: %d %v", r.status, r.body)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if r := call(t, http.MethodGet, base+"/healthz", ""); r.status != http.StatusServiceUnavailable || r.refusal()["code"] != "store_unavailable" {
			t.Errorf("without the store: %d %v", r.status, r.body)
		}
	})
}

// slowStore lets a move wait until it is told to go on.
type slowStore struct {
	store.Store
	begun, goOn chan struct{}
}

func (s *slowStore) Move(ctx context.Context, m store.Move) (store.Moved, error) {
	close(s.begun)
	<-s.goOn
	return s.Store.Move(ctx, m)
}

func TestStopFinishesRequestsInFlight(t *testing.T) {
	slow := &slowStore{Store: openStore(t, "sqlite", ""), begun: make(chan struct{}), goOn: make(chan struct{})}
	card := addCards(t, slow, 1)[0]
	server, err := refserver.New(refserver.Options{Store: slow})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	base := "http://" + listener.Addr().String()
	replies := inBackground(t, base, card)
	<-slow.begun
	stop()
	for closed := false; !closed; { // until the listener is gone, the stop has not begun
		conn, err := net.Dial("tcp", listener.Addr().String())
		if closed = err != nil; !closed {
			if err := conn.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	close(slow.goOn)
	if r := <-replies; r.status != http.StatusOK {
		t.Errorf("the move in flight is answered with %d", r.status)
	}
	if err := <-ended; err != nil {
		t.Errorf("stopping: %v", err)
	}
}

func TestStopCutsOffAfterTheGrace(t *testing.T) {
	slow := &slowStore{Store: openStore(t, "sqlite", ""), begun: make(chan struct{}), goOn: make(chan struct{})}
	card := addCards(t, slow, 1)[0]
	server, err := refserver.New(refserver.Options{Store: slow, Grace: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended, answered := make(chan error, 1), make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	go func() {
		_, err := try(http.MethodPost, moveURL("http://"+listener.Addr().String(), card), moveBody(appointment.InProgress, 1))
		answered <- err
	}()
	<-slow.begun
	stop()
	if err := <-ended; err == nil {
		t.Error("a stop that cut off a request reports nothing")
	}
	if err := <-answered; err == nil {
		t.Error("the request that was cut off has an answer")
	}
	close(slow.goOn)
}

func TestServeReportsABrokenListener(t *testing.T) {
	server, err := refserver.New(refserver.Options{Store: openStore(t, "sqlite", "")})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := server.Serve(context.Background(), listener); err == nil {
		t.Error("serving on a closed listener reports nothing")
	}
}

func TestNewNeedsAStore(t *testing.T) {
	if _, err := refserver.New(refserver.Options{}); err == nil {
		t.Error("a server without a store is made")
	}
}

// What one process acknowledged, the next one finds.
func TestStoresKeepWhatTheyAcknowledged(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		if kind == "sqlite" {
			url = filepath.Join(t.TempDir(), "shop #1?%.db")
		}
		ctx := context.Background()
		first, err := refserver.OpenStore(ctx, kind, url)
		if err != nil {
			t.Fatal(err)
		}
		id := addCards(t, first, 1)[0]
		if _, err := first.Move(ctx, store.Move{ID: id, To: appointment.InProgress, Expected: 1}); err != nil {
			t.Fatal(err)
		}
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		card, err := openStore(t, kind, url).Card(ctx, id)
		if err != nil || card.Version != 2 || card.Status != appointment.InProgress {
			t.Errorf("reopened, the card is %+v (%v)", card, err)
		}
	})
}

func TestServersMayStartTogether(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		if kind == "sqlite" {
			url = filepath.Join(t.TempDir(), "shop.db")
		}
		stores, errs := make([]store.Store, 4), make([]error, 4)
		done := make(chan struct{})
		for i := range stores {
			go func() {
				stores[i], errs[i] = refserver.OpenStore(context.Background(), kind, url)
				done <- struct{}{}
			}()
		}
		for range stores {
			<-done
		}
		for i, s := range stores {
			if errs[i] != nil {
				t.Error(errs[i])
			} else if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestOpenStoreErrors(t *testing.T) {
	const secret = "s3cret"
	for _, c := range []struct{ name, kind, url, want string }{
		{"unknown kind", "mysql", "", `opening the store "mysql": there are sqlite and postgres`},
		{"postgres without URL", "postgres", "", "opening the store postgres: it needs a database URL (postgres://user@host/database)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := refserver.OpenStore(context.Background(), c.kind, c.url)
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	for _, c := range []struct{ name, kind, url string }{
		{"nobody listens", "postgres", "postgres://u:" + secret + "@127.0.0.1:1/shop"},
		{"not a URL", "postgres", "postgres://u:" + secret + "@[/shop"},
		{"bad port", "postgres", "postgres://u:" + secret + "@h:x/shop"},
		{"bad setting", "postgres", "postgres://u:" + secret + "@h/shop?pool_max_conns=many"},
		{"no folder", "sqlite", "/nonexistent/shop.db"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := refserver.OpenStore(context.Background(), c.kind, c.url)
			if err == nil {
				t.Fatal("it opens")
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error tells the password: %v", err)
			}
			t.Log(err)
		})
	}
}
