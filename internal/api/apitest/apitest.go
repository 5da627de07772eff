// Package apitest gives tests the API files that come with the binary.
package apitest

import (
	"sync"
	"testing"

	"github.com/occbench/occbench/internal/api"
)

// compile compiles the API of the shop once for the hundreds of servers of a test.
var compile = sync.OnceValues(func() (*api.API, error) { return api.Load("appointments") })

// Appointments returns the API of the shop. Tests share what its parts point to.
func Appointments(tb testing.TB) *api.API {
	tb.Helper()
	a, err := compile()
	if err != nil {
		tb.Fatal(err)
	}
	own := *a
	return &own
}

// OneWay returns the API of the shop with only the first way out of each state, for
// tests that say what an operator asks for.
func OneWay(tb testing.TB) *api.API {
	tb.Helper()
	a := *Appointments(tb)
	walks := map[string]map[string][]string{}
	for name, steps := range a.States.Walks {
		walks[name] = map[string][]string{}
		for from, all := range steps {
			walks[name][from] = all[:1]
		}
	}
	a.States.Walks = walks
	return &a
}
