package workload

import "math"

// Shares returns the share of all picks that each of the records gets; they sum
// to 1. For own it is the even share of each record, although its picks never
// meet; for first it is everything for the first record, which holds for as long
// as that record can be updated.
func (p Pick) Shares(records int) []float64 {
	shares := make([]float64, max(records, 0))
	if records < 1 {
		return shares
	}
	switch p.kind {
	case first:
		shares[0] = 1
	case zipf:
		p.fillZipf(shares)
	case hotspot:
		p.fillHotspot(shares)
	default:
		for i := range shares {
			shares[i] = 1 / float64(records)
		}
	}
	return shares
}

func (p Pick) fillZipf(shares []float64) {
	var sum float64
	for rank := len(shares); rank >= 1; rank-- { // small terms first: they would drown in the sum
		sum += math.Pow(float64(rank), -p.theta)
	}
	for rank, record := range permuteRanks(len(shares)) {
		shares[record] = math.Pow(float64(rank+1), -p.theta) / sum
	}
}

// fillHotspot rounds the number of hot records to the nearest, but keeps one hot
// and one cold record: 20 % of two records would be none.
func (p Pick) fillHotspot(shares []float64) {
	n := len(shares)
	if n == 1 {
		shares[0] = 1
		return
	}
	hot := min(max(int(math.Round(p.hotRecords/100*float64(n))), 1), n-1)
	for rank, record := range permuteRanks(n) {
		if rank < hot {
			shares[record] = p.hotPicks / 100 / float64(hot)
		} else {
			shares[record] = (1 - p.hotPicks/100) / float64(n-hot)
		}
	}
}

// permuteRanks returns a fixed permutation of 0 … n−1: the record of each popularity
// rank. YCSB hashes ranks onto items, which spreads the hot ones as well but
// lets several ranks collide on one item and leaves a third of the items
// without any; a permutation keeps the shares exactly Zipf's.
//
// It is written out here because its result must never change: a run is
// repeated from its seed, years later and with another Go.
func permuteRanks(n int) []int {
	records := make([]int, n)
	for i := range records {
		records[i] = i
	}
	state := uint64(0x6f6363626e6368)
	for i := n - 1; i > 0; i-- {
		state += 0x9e3779b97f4a7c15 // splitmix64, Steele, Lea & Flood 2014
		z := state
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		j := int((z ^ z>>31) % uint64(i+1))
		records[i], records[j] = records[j], records[i]
	}
	return records
}
