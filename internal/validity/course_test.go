package validity

import "testing"

// However long the run is, all conflicts are on the course, in the order of time.
func TestCourseKeepsAllConflicts(t *testing.T) {
	for _, length := range []float64{0.5, 10, 4000} {
		var c Course
		const n = 1000
		for i := range n {
			at := length * float64(i) / n
			c.add(at, at >= length/2, 0.25)
		}
		got := c.roundRates()
		if len(got.Observed) > courseBins || len(got.Observed) != len(got.Expected) || float64(len(got.Observed))*got.StepS < length*0.999 {
			t.Errorf("%v s: %d and %d stretches of %v s", length, len(got.Observed), len(got.Expected), got.StepS)
		}
		seen, early, expected := 0, 0, 0.0
		for i, k := range got.Observed {
			seen, expected = seen+k, expected+got.Expected[i]
			if float64(i+1)*got.StepS <= length/2 {
				early += k
			}
		}
		if seen != n/2 || early != 0 || expected < n/4-1 || expected > n/4+1 {
			t.Errorf("%v s: %d seen, %d of them early, %v expected", length, seen, early, expected)
		}
	}
	if new(Course).roundRates() != nil {
		t.Error("a course without attempts")
	}
}
