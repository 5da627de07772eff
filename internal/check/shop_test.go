package check

import (
	"github.com/occbench/occbench/internal/api"

	"github.com/occbench/occbench/internal/noun"
)

// shop is the API by which the histories of the tests are judged, in words that fit
// every API.
var shop = func() *api.API {
	a, err := api.Load("appointments")
	if err != nil {
		panic(err)
	}
	a.Words = noun.Words{}
	return a
}()
