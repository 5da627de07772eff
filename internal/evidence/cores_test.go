package evidence

import (
	"encoding/json"
	"runtime"
	"testing"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
)

// What a history says does not depend on how many processors read it, to the last
// digit.
func TestAllCoresSayTheSame(t *testing.T) {
	runs := []run.Dir{}
	for _, path := range samples(t) {
		runs = append(runs, sampleRun(t, path))
	}
	for seed := range uint64(60) {
		runs = append(runs, wildRun(t, seed))
	}
	read := func(cores int, o Options) (said []string) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		for _, dir := range runs {
			r := record(t, dir, o)
			for _, part := range []any{r, r.Checked} {
				text, err := json.Marshal(part)
				if err != nil {
					t.Fatal(err)
				}
				said = append(said, string(text))
			}
		}
		return said
	}
	o := Options{Policy: gate.Default(), Samples: true, Check: &check.Options{}}
	one := read(1, o)
	for _, cores := range []int{2, 5} {
		for i, said := range read(cores, o) {
			if said != one[i] {
				t.Errorf("%s: %d processors say\n%.2000s\nand one says\n%.2000s", runs[i/2].Name(), cores, said, one[i])
			}
		}
	}
}
