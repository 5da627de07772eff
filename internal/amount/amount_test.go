package amount

import "testing"

func TestPercent(t *testing.T) {
	for ratio, want := range map[float64]string{
		0: "0 %", 1: "100 %", 0.01: "1 %", 0.00997: "0.997 %", 0.4507: "45.1 %", 0.1: "10 %", 0.07: "7 %", 0.0000123: "0.00123 %", 1e-12: "< 0.000001 %", 0.95: "95 %", 0.999: "99.9 %",
	} {
		if got := Percent(ratio); got != want {
			t.Errorf("Percent(%v) = %q, want %q", ratio, got, want)
		}
	}
}

func TestMilliseconds(t *testing.T) {
	for ms, want := range map[float64]string{0: "0 ms", 0.1234: "0.123 ms", 118.4: "118 ms", 399.97: "400 ms", 1234.5: "1235 ms", 12_340: "12.3 s", 600_000: "600 s"} {
		if got := Milliseconds(ms); got != want {
			t.Errorf("Milliseconds(%v) = %q, want %q", ms, got, want)
		}
	}
}

func TestAgainstTellsBoundFromLimit(t *testing.T) {
	for _, tt := range []struct {
		v, limit float64
		want     string
	}{{0.009969, 0.01, "0.997 %"}, {0.0099999, 0.01, "0.99999 %"}, {0.01, 0.01, "1 %"}, {0.1000004, 0.1, "10.00004 %"}} {
		if got := PercentAgainst(tt.v, tt.limit); got != tt.want {
			t.Errorf("%v against %v is %q, want %q", tt.v, tt.limit, got, tt.want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1049: "1,049", 1_000_000: "1,000,000", -1049: "-1,049", -100: "-100"} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestRoughly(t *testing.T) {
	for s, want := range map[float64]string{0.2: "1 s", 15: "15 s", 119: "119 s", 121: "3 min", 7300: "3 h", 1e6: "12 days", 1e30: "11575 days"} {
		if got := RoundUpDuration(s); got != want {
			t.Errorf("Roughly(%v) = %q, want %q", s, got, want)
		}
	}
}

func TestRoundUp(t *testing.T) {
	for v, want := range map[float64]int{0.2: 1, 287: 287, 1000: 1000, 1001: 1010, 26_213: 26_300, 9_999_999: 10_000_000} {
		if got := RoundUp(v); got != want {
			t.Errorf("RoundUp(%v) = %d, want %d", v, got, want)
		}
	}
}

func TestRounded(t *testing.T) {
	for in, want := range map[string]string{
		"[79.51807228915662 (29/11/26 11:53:31)] was greater": "[79.5 (29/11/26 11:53:31)] was greater",
		"4.46e-11 turns": "< 0.000001 turns", "1e+03 of 1.2.3 and 0.25 and 30.0": "1000 of 1.2.3 and 0.25 and 30.0",
	} {
		if got := RoundNumbers(in); got != want {
			t.Errorf("Rounded(%q) = %q, want %q", in, got, want)
		}
	}
}
