package run

import "testing"

func FuzzRate(f *testing.F) {
	for _, seed := range []string{"40/s", "10/s..80/s", "90/min", "1e3", "-1", "..", "0x1p-2/s"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rate, err := newRateCodec().Parse(text)
		s := Spec{Rate: rate}
		if err != nil {
			s = Spec{}
		}
		_ = parseRamp(&s, text)
		if !(s.Rate >= 0 && s.Rate <= maxRate && s.RampTo >= 0 && s.RampTo <= maxRate) {
			t.Errorf("%q gives %v to %v", text, s.Rate, s.RampTo)
		}
	})
}
