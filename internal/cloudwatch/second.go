package cloudwatch

import (
	"cmp"
	"math"
	"slices"
)

// Second holds the observations of one second.
type Second struct {
	At        int64    // seconds since 1970
	Attempts  int      //
	Conflicts int      // of the attempts
	Latencies []Bucket // by value; the counts add up to Attempts
}

// Bucket is a latency and how often it was seen.
type Bucket struct {
	MS    float64
	Count int
}

// addSamples adds samples to the seconds that wait. Seconds stay in order, and one
// that was cut in two by a batch is joined again.
func addSamples(into []Second, samples []sample) []Second {
	if len(samples) == 0 {
		return into
	}
	for i := range samples { // before they are sorted, which compares each a dozen times
		samples[i].micros = samples[i].roundLatency()
	}
	slices.SortFunc(samples, func(a, b sample) int {
		return cmp.Or(cmp.Compare(a.second, b.second), cmp.Compare(a.latency(), b.latency()))
	})
	for _, s := range samples {
		if n := len(into); n == 0 || into[n-1].At != s.second {
			into = append(into, Second{At: s.second})
		}
		into[len(into)-1].add(s)
	}
	return into
}

func (s *Second) add(one sample) {
	s.Attempts++
	if one.micros < 0 {
		s.Conflicts++
	}
	ms := float64(one.latency()) / 1000
	if n := len(s.Latencies); n > 0 && s.Latencies[n-1].MS == ms {
		s.Latencies[n-1].Count++
		return
	}
	s.Latencies = append(s.Latencies, Bucket{ms, 1})
}

// latency returns the latency in µs.
func (s sample) latency() int64 {
	if s.micros < 0 {
		return -1 - s.micros
	}
	return s.micros
}

// roundLatency returns micros with the latency rounded to three digits, which is
// within 0.5 %: a percentile needs the values, but a thousand different ones of a
// second cost seven data instead of one.
func (s sample) roundLatency() int64 {
	micros := s.latency()
	unit := int64(1)
	for micros/unit >= 1000 {
		unit *= 10
	}
	if unit > 1 {
		micros = int64(math.Round(float64(micros)/float64(unit))) * unit
	}
	if s.micros < 0 {
		return -1 - micros
	}
	return micros
}
