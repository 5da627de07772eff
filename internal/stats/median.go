package stats

import "slices"

// Median returns the middle of the values, the mean of the two in the middle of an even
// number; 0 for none. The values are left as they are.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(values))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
