// Package apitest gives tests the API files that come with the binary.
package apitest

import (
	"testing"

	"github.com/occbench/occbench/internal/api"
)

// Appointments returns the API of the shop.
func Appointments(tb testing.TB) *api.API {
	tb.Helper()
	a, err := api.Load("appointments")
	if err != nil {
		tb.Fatal(err)
	}
	return a
}
