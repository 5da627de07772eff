package occ

import (
	"fmt"
	"testing"

	"go.k6.io/k6/v2/lib"

	"github.com/occbench/occbench/internal/run"
)

// Every operator is played by one VU of one generator, however the load is divided.
func TestShares(t *testing.T) {
	for _, sequence := range []string{"0,1", "0,1/2,1", "0,1/3,2/3,1", "0,1/7,1/2,1"} {
		for _, operators := range []int{501, 1200, 1999} {
			t.Run(fmt.Sprintf("%d over %s", operators, sequence), func(t *testing.T) {
				spec := run.Spec{Operators: operators, Target: "http://127.0.0.1:1"}
				vus := countVUs(&spec)
				if vus*8 > operators {
					t.Errorf("%d VUs", vus)
				}
				plan := scenario(t, fmt.Sprintf(`{"update":{"executor":"constant-vus","vus":%d,"duration":"1s"}}`, vus))
				players := map[int32]int{}
				for _, part := range segments(t, plan, sequence) {
					tuple, err := newTuple(&part)
					if err != nil {
						t.Fatal(err)
					}
					o := player{p: spec}
					for n := range tuple.ScaleInt64(int64(vus)) {
						numbers, err := o.listShare(&lib.State{Options: part}, n)
						if err != nil {
							t.Fatal(err)
						}
						for _, number := range numbers {
							players[number]++
						}
					}
				}
				for number := range int32(operators) {
					if players[number+1] != 1 {
						t.Errorf("operator %d is played by %d VUs", number+1, players[number+1])
					}
				}
				if len(players) != operators {
					t.Errorf("%d operators, want %d", len(players), operators)
				}
			})
		}
	}
}

// Who shares a VU shares its connections, unless the client has its own.
func TestVUs(t *testing.T) {
	t.Setenv("HTTP_PROXY", "")
	for _, tt := range []struct {
		spec run.Spec
		want int
	}{
		{run.Spec{Operators: 20, Target: "http://shop.example.org"}, 20},
		{run.Spec{Operators: 500, Target: "http://shop.example.org"}, 500},
		{run.Spec{Operators: 10_000, Target: "http://shop.example.org"}, 313},
		{run.Spec{Operators: 501, Generators: 40, Target: "http://shop.example.org"}, 40},
		{run.Spec{Operators: 10_000, Target: "https://shop.example.org"}, 10_000},
		{run.Spec{Rate: 40, Target: "http://shop.example.org"}, 0},
	} {
		if got := countVUs(&tt.spec); got != tt.want {
			t.Errorf("%+v: %d VUs, want %d", tt.spec, got, tt.want)
		}
	}
}
