package compare

import "sort"

// stretches is into how many parts of equal length a run is cut to see how much
// its samples hang together.
//
// B. Schmeiser, Batch size effects in the analysis of simulation output, Oper.
// Res. 30 (1982) 556–568, finds 10 to 30 enough.
const stretches = 20

// leastStretch is how many samples a stretch needs.
const leastStretch = 10

// hanging returns how many samples of a run tell as much as one that is
// independent of the others, at least 1. A pause of the server slows fifty
// moves in a row, and they are one event and not fifty.
//
// It is the variance of the means of 20 stretches against what independent
// samples would show. A run too short for that counts as independent.
func hanging(values []float64) float64 {
	size := len(values) / stretches
	if size < leastStretch {
		return 1
	}
	values = values[:size*stretches]
	mean, within := moments(values)
	if within == 0 {
		return 1
	}
	sum := 0.0
	for s := range stretches {
		m, _ := moments(values[s*size : (s+1)*size])
		sum += (m - mean) * (m - mean)
	}
	return max(1, sum/(stretches-1)*float64(size)/within)
}

// moments returns mean and variance.
func moments(values []float64) (mean, variance float64) {
	n := float64(len(values))
	for _, v := range values {
		mean += v / n
	}
	for _, v := range values {
		variance += (v - mean) * (v - mean) / n
	}
	return mean, variance
}

// steps is how finely places tells ranks apart.
const steps = 4096

// places returns where values in their order of coming stand in an ascending
// sample, as ranks with ties in the middle, from 0 to 1. A long sample is
// stepped through: how much values hang together needs no exact ranks.
func places(values, sorted []int64) []float64 {
	if len(sorted) > 2*steps {
		coarse := make([]int64, steps)
		for i := range coarse {
			coarse[i] = sorted[(2*i+1)*len(sorted)/(2*steps)]
		}
		sorted = coarse
	}
	at := make([]float64, len(values))
	for i, v := range values {
		low := sort.Search(len(sorted), func(k int) bool { return sorted[k] >= v })
		high := low + sort.Search(len(sorted)-low, func(k int) bool { return sorted[low+k] > v })
		at[i] = float64(low+high) / float64(2*len(sorted))
	}
	return at
}

// exceeding says of values in their order of coming which lie above a limit.
func exceeding(values []int64, limit int64) []float64 {
	at := make([]float64, len(values))
	for i, v := range values {
		if v > limit {
			at[i] = 1
		}
	}
	return at
}
