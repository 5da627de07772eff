package occ_test

import (
	"net/http/httptest"
	"testing"
	"time"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/refservertest"
)

// reference is the reference server on its embedded store, with so many records
// of the run on the board of 2030-01-15.
func reference(t *testing.T, records int) (url string, attempts func() int64) {
	t.Helper()
	server := filled(t, records)
	listening := httptest.NewServer(server.Handler())
	t.Cleanup(listening.Close)
	return listening.URL, func() int64 { return server.Attempts().Total() }
}

func filled(t *testing.T, records int) *refserver.Server {
	t.Helper()
	db := refservertest.Open(t, "sqlite", "")
	refservertest.Fill(t, db, time.Date(2030, 1, 15, 0, 0, 0, 0, time.UTC), records)
	return refservertest.New(t, refserver.Options{Store: db})
}
