package stats

import "sort"

// batches is the number of parts of equal length into which a run is cut to see how much its samples depend on each other.
//
// B. Schmeiser, Batch size effects in the analysis of simulation output, Oper.
// Res. 30 (1982) 556–568, finds 10 to 30 enough.
const batches = 20

// leastBatch is the number of samples that a batch needs.
const leastBatch = 10

// VarianceInflation returns the design effect of autocorrelated samples, in their order of coming, by batch means: the
// variance of the means of 20 batches over that of independent samples, at least 1. A pause of the server slows fifty
// updates in a row, and they are one event and not fifty. A run too short for that counts as independent.
func VarianceInflation(values []float64) float64 {
	size := len(values) / batches
	if size < leastBatch {
		return 1
	}
	values = values[:size*batches]
	mean, within := meanAndVariance(values)
	if within == 0 {
		return 1
	}
	sum := 0.0
	for s := range batches {
		m, _ := meanAndVariance(values[s*size : (s+1)*size])
		sum += (m - mean) * (m - mean)
	}
	return max(1, sum/(batches-1)*float64(size)/within)
}

// meanAndVariance returns the mean and the variance of values.
func meanAndVariance(values []float64) (mean, variance float64) {
	n := float64(len(values))
	for _, v := range values {
		mean += v / n
	}
	for _, v := range values {
		variance += (v - mean) * (v - mean) / n
	}
	return mean, variance
}

// rankSteps is how finely RankPositions tells ranks apart.
const rankSteps = 4096

// RankPositions returns where values, in their order of coming, stand in an ascending sample: ranks from 0 to 1, ties in
// the middle. Of a long sample some ranks are taken: how much values depend on each other needs no exact ones.
func RankPositions(values, sorted []int64) []float64 {
	if len(sorted) > 2*rankSteps {
		coarse := make([]int64, rankSteps)
		for i := range coarse {
			coarse[i] = sorted[(2*i+1)*len(sorted)/(2*rankSteps)]
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

// MarkExceeding returns 1 for each value above a limit and 0 for the others,
// in the given order.
func MarkExceeding(values []int64, limit int64) []float64 {
	at := make([]float64, len(values))
	for i, v := range values {
		if v > limit {
			at[i] = 1
		}
	}
	return at
}
