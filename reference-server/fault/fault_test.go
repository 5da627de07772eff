package fault

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/reference-server/items"
)

func TestList(t *testing.T) {
	invariant := regexp.MustCompile(`^(OCC-\d\d)?$`)
	for _, api := range APIs() {
		seen, generators := map[string]bool{}, false
		for _, f := range List(api) {
			if f.Name == "" || f.Sentence == "" || strings.HasSuffix(f.Sentence, ".") {
				t.Errorf("%q says %q", f.Name, f.Sentence)
			}
			if seen[f.Name] {
				t.Errorf("%s is listed twice", f.Name)
			}
			seen[f.Name] = true
			if !invariant.MatchString(f.Invariant) || f.Rate <= 0 || f.Rate > 1 {
				t.Errorf("%s breaks %q at rate %v", f.Name, f.Invariant, f.Rate)
			}
			if generators && f.Invariant != "" {
				t.Errorf("%s breaks an invariant and is listed after those that do not", f.Name)
			}
			generators = f.Invariant == ""
			reading := f.board != nil
			if api == items.Name {
				reading = f.item != nil
			}
			hooks := 0
			for _, has := range []bool{f.move != nil && f.tags == nil, reading, f.answer != nil, f.wrap != nil, f.edit != nil, f.tags != nil} {
				if has {
					hooks++
				}
			}
			if hooks != 1 || (f.Argument != "") != (f.parse != nil) {
				t.Errorf("%s of %s replaces %d things; its argument is %q", f.Name, api, hooks, f.Argument)
			}
		}
	}
}

func TestEveryInvariantHasAFault(t *testing.T) {
	broken := map[string]bool{}
	for _, api := range APIs() {
		for _, f := range List(api) {
			broken[f.Invariant] = true
		}
	}
	for _, v := range check.Invariants() {
		if !broken[v.ID.String()] {
			t.Errorf("no fault breaks %s", v.ID)
		}
	}
}

// What an API cannot have is refused in words that say why.
func TestParseRefusesWhatAnAPILacks(t *testing.T) {
	for _, c := range []struct{ api, spec, says string }{
		{"etag", "illegal-transition", "cannot be in the API etag, which has no states"},
		{"etag", "hidden-card", "which has no list"},
		{"etag", "nothing", "there are lost-update, check-then-act"},
		{"appointments", "token-reuse", "which has versions and no ETags"},
		{"", "weak-tag", "cannot be in the API appointments"},
	} {
		if _, err := Parse(c.spec, Options{API: c.api}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s of %q: error %v, want it to say %q", c.spec, c.api, err, c.says)
		}
	}
}

func TestParse(t *testing.T) {
	type armed struct {
		Name   string
		Rate   float64
		Delay  time.Duration
		Window window
	}
	for _, c := range []struct {
		spec string
		want []armed
	}{
		{"", nil},
		{"lost-update", []armed{{Name: "lost-update", Rate: 1}}},
		{"drop-reply:0.25, error-500:1", []armed{{Name: "drop-reply", Rate: 0.25}, {Name: "error-500", Rate: 1}}},
		{"latency", []armed{{Name: "latency", Rate: 1, Delay: 100 * time.Millisecond}}},
		{"latency=300ms@5s+1s:0.5", []armed{{"latency", 0.5, 300 * time.Millisecond, window{5 * time.Second, time.Second}}}},
		{"hang=2s", []armed{{Name: "hang", Rate: 0.02, Delay: 2 * time.Second}}},
	} {
		t.Run(c.spec, func(t *testing.T) {
			set, err := Parse(c.spec, Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []armed
			for _, in := range set.scenes {
				got = append(got, armed{in.Name, in.Rate, in.delay, in.window})
			}
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(window{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ spec, says string }{
		{"lost-updates", "there is none of that name; did you mean lost-update?; there are lost-update, "},
		{"lost-update,", `reading the fault "": there is none`},
		{"lost-update:0", `the rate "0" is not`},
		{"lost-update:1.5", `the rate "1.5" is not`},
		{"lost-update:NaN", `the rate "NaN" is not`},
		{"lost-update:", `the rate "" is not`},
		{"lost-update=3", "lost-update is written lost-update[:RATE]"},
		{"lost-update,hang,lost-update:0.1", "lost-update is named twice"},
		{"hang=", "hang is written hang[=DELAY][:RATE]"},
		{"hang=-1s", `the delay "-1s" is not`},
		{"latency=x", "latency is written latency[=DELAY[@START+LENGTH]][:RATE]"},
		{"latency=1s@3s", `the window "3s" is not one like 5s+1s`},
		{"latency=1s@3s+0s", `the window "3s+0s" is not`},
	} {
		t.Run(c.spec, func(t *testing.T) {
			_, err := Parse(c.spec, Options{})
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want it to say %s", err, c.says)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("lost-update")
	f.Add("drop-reply:0.05,latency=300ms@5s+1s:0.5")
	f.Fuzz(func(t *testing.T, spec string) {
		set, err := Parse(spec, Options{})
		if (set == nil) == (err == nil) {
			t.Errorf("got both or neither of a set and an error: %v", err)
		}
	})
}

// The same seed strikes the same requests, about as many as the rate says.
func TestRate(t *testing.T) {
	strikes := func(seed uint64) (pattern string) {
		set, err := Parse("lost-update:0.2", Options{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		for range 1000 {
			pattern += map[bool]string{true: "x", false: "."}[set.scenes[0].drawStrike()]
		}
		if n := int64(strings.Count(pattern, "x")); n != set.CountStrikes()["lost-update"] || n < 150 || n > 250 {
			t.Errorf("%d of 1000 requests are struck, %d counted", n, set.CountStrikes()["lost-update"])
		}
		return pattern
	}
	if strikes(7) != strikes(7) {
		t.Error("the same seed strikes other requests")
	}
	if strikes(7) == strikes(8) {
		t.Error("another seed strikes the same requests")
	}
}

func TestWindow(t *testing.T) {
	w := window{start: 5 * time.Second, length: time.Second}
	for age, want := range map[time.Duration]bool{0: false, 5 * time.Second: true, 6*time.Second - 1: true, 6 * time.Second: false} {
		if got := w.holds(age); got != want {
			t.Errorf("at %s: %v", age, got)
		}
	}
	if !(window{}).holds(time.Hour) {
		t.Error("no window does not hold always")
	}
}
