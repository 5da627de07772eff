package workload

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mustPick(t testing.TB, s string) Pick {
	t.Helper()
	p, err := ParsePick(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParsePickRoundTrip(t *testing.T) {
	for in, want := range map[string]string{
		"uniform":         "uniform",
		"first":           "first",
		"own":             "own",
		"zipf":            "zipf:0.99",
		"zipf:1.2":        "zipf:1.2",
		"hotspot:20/80":   "hotspot:20/80",
		"hotspot:0.5/100": "hotspot:0.5/100",
	} {
		p := mustPick(t, in)
		if got := p.String(); got != want {
			t.Errorf("ParsePick(%q).String() = %q, want %q", in, got, want)
		}
		if again := mustPick(t, p.String()); again != p {
			t.Errorf("ParsePick(%q) = %v, want %v", p.String(), again, p)
		}
	}
	if got := (Pick{}).String(); got != "uniform" {
		t.Errorf("the zero Pick is %q, want uniform", got)
	}
}

func TestParsePickRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":                "use uniform, first, own",
		"Uniform":         `"Uniform" is no known pick`,
		"uniform:1":       "takes no parameter",
		"zipf:":           "θ is not a number",
		"zipf:NaN":        "θ is not a number",
		"zipf:0":          "θ must be above 0",
		"zipf:-1":         "θ must be above 0",
		"hotspot":         "want two shares",
		"hotspot:20":      "want two shares",
		"hotspot:a/b":     "want two shares",
		"hotspot:0/80":    "between 0 and 100",
		"hotspot:100/80":  "between 0 and 100",
		"hotspot:NaN/80":  "between 0 and 100",
		"hotspot:20/101":  "0–100",
		"hotspot:20/-1":   "0–100",
		"hotspot:20/80/1": "want two shares",
	} {
		_, err := ParsePick(in)
		refused(t, "ParsePick", in, err, want)
	}
}

// refused checks that an error says what is wanted, in one line.
func refused(t *testing.T, what, in string, err error, want string) {
	t.Helper()
	switch {
	case err == nil:
		t.Errorf("%s(%q) gives no error, want one with %q", what, in, want)
	case !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n"):
		t.Errorf("%s(%q): %q, want one line with %q", what, in, err, want)
	}
}

func FuzzParsePick(f *testing.F) {
	for _, s := range []string{"uniform", "zipf:0.99", "hotspot:20/80", "zipf:1e-300", "hotspot:1e-9/0x1p2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePick(s)
		if err != nil {
			return
		}
		if again, err := ParsePick(p.String()); err != nil || again != p {
			t.Fatalf("ParsePick(%q) = %v, which reads back as %v, %v", s, p, again, err)
		}
		shares := p.Shares(10)
		if sum := total(shares); math.Abs(sum-1) > 1e-9 {
			t.Fatalf("shares of %v sum to %v", p, sum)
		}
		if record := p.NewPicker(10, 3, 4).Pick(rand.New(rand.NewPCG(1, 1))); record < 0 || record > 9 {
			t.Fatalf("%v picks record %d of 10", p, record)
		}
	})
}

func total(xs []float64) (sum float64) {
	for _, x := range xs {
		sum += x
	}
	return sum
}

func TestCheckPick(t *testing.T) {
	for _, c := range []struct {
		name               string
		pick               string
		records, operators int
		want               string // "" is no error
	}{
		{"no records", "uniform", 0, 1, "no records"},
		{"own, enough records", "own", 20, 20, ""},
		{"own, too few records", "own", 19, 20, "at least 20 records, or at most 19 operators"},
		{"own in an open model", "own", 20, 0, "open model"},
		{"first with one record", "first", 1, 20, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := mustPick(t, c.pick).Check(c.records, c.operators)
			if c.want == "" && err != nil {
				t.Fatal(err)
			}
			if c.want != "" {
				refused(t, "Check", c.pick, err, c.want)
			}
		})
	}
}

func TestPicksFollowTheirShares(t *testing.T) {
	const draws = 200_000
	for _, name := range []string{"uniform", "zipf", "zipf:0.5", "zipf:2", "hotspot:20/80", "hotspot:10/0", "hotspot:30/100"} {
		for _, records := range []int{1, 2, 7, 100} {
			p := mustPick(t, name)
			counts := make([]float64, records)
			picker, r := p.NewPicker(records, 1, 1), rand.New(rand.NewPCG(42, uint64(records)))
			for range draws {
				counts[picker.Pick(r)]++
			}
			chiSquare(t, name, counts, p.Shares(records))
		}
	}
}

func TestOwnPicksNeverMeet(t *testing.T) {
	const records, operators = 23, 5
	owner := make([]int, records)
	for operator := 1; operator <= operators; operator++ {
		counts := make([]float64, 0, records)
		index := map[int]int{}
		for record := operator % operators; record < records; record += operators {
			index[record] = len(counts)
			counts = append(counts, 0)
			owner[record] = operator
		}
		even := make([]float64, len(counts))
		for i := range even {
			even[i] = 1 / float64(len(even))
		}
		picker, r := mustPick(t, "own").NewPicker(records, operator, operators), rand.New(rand.NewPCG(7, uint64(operator)))
		for range 20_000 {
			record := picker.Pick(r)
			if owner[record] != operator {
				t.Fatalf("operator %d picks record %d of operator %d", operator, record, owner[record])
			}
			counts[index[record]]++
		}
		chiSquare(t, "own", counts, even)
	}
}

func TestOwnStaysInsideTooFewRecords(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for operator := 1; operator <= 7; operator++ {
		if record := mustPick(t, "own").NewPicker(3, operator, 7).Pick(r); record < 0 || record > 2 {
			t.Errorf("operator %d of 7 picks record %d of 3", operator, record)
		}
	}
}

func TestStrideStaysOnOwnRecords(t *testing.T) {
	if got := mustPick(t, "own").Stride(5); got != 5 {
		t.Errorf("stride of own among 5 operators is %d, want 5", got)
	}
	if got := mustPick(t, "zipf").Stride(5); got != 1 {
		t.Errorf("stride of zipf is %d, want 1", got)
	}
}

// The scramble is part of what a seed means: runs of old must repeat.
func TestScrambleNeverChanges(t *testing.T) {
	want := []int{5, 2, 3, 6, 0, 1, 8, 7, 9, 4}
	if diff := cmp.Diff(want, permuteRanks(10)); diff != "" {
		t.Errorf("scramble(10) (-want +got):\n%s", diff)
	}
}

func TestScrambleIsAPermutation(t *testing.T) {
	for _, n := range []int{0, 1, 2, 1000} {
		seen := make([]bool, n)
		for _, record := range permuteRanks(n) {
			if seen[record] {
				t.Fatalf("scramble(%d) gives %d twice", n, record)
			}
			seen[record] = true
		}
	}
}

func TestSameSeedSamePicks(t *testing.T) {
	picks := func() (records []int) {
		picker, r := mustPick(t, "zipf").NewPicker(1000, 1, 1), rand.New(rand.NewPCG(1, 2))
		for range 100 {
			records = append(records, picker.Pick(r))
		}
		return records
	}
	if diff := cmp.Diff(picks(), picks()); diff != "" {
		t.Errorf("two runs of one seed differ (-first +second):\n%s", diff)
	}
}

func TestPickingAllocatesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, name := range []string{"uniform", "first", "own", "zipf", "hotspot:20/80"} {
		picker := mustPick(t, name).NewPicker(1000, 1, 20)
		if n := testing.AllocsPerRun(1000, func() { picker.Pick(r) }); n != 0 {
			t.Errorf("picking %s allocates %v times", name, n)
		}
	}
}

func BenchmarkPick(b *testing.B) {
	for _, name := range []string{"uniform", "own", "zipf:0.99", "hotspot:20/80"} {
		b.Run(name, func(b *testing.B) {
			picker, r := mustPick(b, name).NewPicker(100_000, 1, 20), rand.New(rand.NewPCG(1, 1))
			b.ReportAllocs()
			sum := 0
			for b.Loop() {
				sum += picker.Pick(r)
			}
			if sum < 0 {
				b.Fatal("picks are never negative")
			}
		})
	}
}
