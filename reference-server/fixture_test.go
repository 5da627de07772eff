package refserver_test

import (
	"math/rand/v2"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/pgtest"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/refservertest"
	"github.com/occbench/occbench/reference-server/store"
)

// The servers' clock stands still, at noon of the day before the cards'.
var (
	noon     = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	tomorrow = time.Date(2026, 1, 6, 0, 0, 0, 0, time.UTC)
)

// onEachStore runs a test on every kind of store; url is what opens the one it
// is about.
func onEachStore(t *testing.T, test func(t *testing.T, kind, url string)) {
	t.Helper()
	for _, kind := range refserver.Stores() {
		t.Run(kind, func(t *testing.T) { test(t, kind, databaseURL(t, kind)) })
	}
}

func databaseURL(tb testing.TB, kind string) string {
	tb.Helper()
	if kind == "postgres" {
		return pgtest.New(tb)
	}
	return ""
}

// another returns what opens an empty store beside the one of url.
func another(tb testing.TB, kind, url string) string {
	tb.Helper()
	if kind == "postgres" {
		return pgtest.CreateSchema(tb, url)
	}
	return ""
}

func openStore(tb testing.TB, kind, url string) store.Store {
	tb.Helper()
	return refservertest.Open(tb, kind, url)
}

// serve starts a server on a store and returns it with its base URL.
func serve(tb testing.TB, opts refserver.Options) (*refserver.Server, string) {
	tb.Helper()
	if opts.Rand == nil {
		opts.Rand = rand.New(rand.NewPCG(1, 2))
	}
	if opts.Now == nil {
		opts.Now = func() time.Time { return noon }
	}
	s := refservertest.New(tb, opts)
	listening := httptest.NewServer(s.Handler())
	tb.Cleanup(listening.Close)
	return s, listening.URL
}

// addCards makes n cards for tomorrow and returns their ids.
func addCards(tb testing.TB, s store.Store, n int) []int64 {
	tb.Helper()
	return refservertest.Fill(tb, s, tomorrow, n)
}
