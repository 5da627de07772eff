package workload

import (
	"math/bits"
	"math/rand/v2"
	"sync"
)

// alias draws from a discrete distribution in constant time with one random
// number: Walker's alias method, built as in Vose 1991.
type alias []aliasColumn

// aliasColumn keeps its own index with probability keep/2³², else it gives
// other. Eight bytes, so that 100,000 records stay within a processor's cache.
type aliasColumn struct {
	keep  uint32
	other uint32
}

func newAlias(shares []float64) alias {
	n := len(shares)
	scaled := make([]float64, n)
	var small, large []int
	for i, s := range shares {
		scaled[i] = s * float64(n)
		if scaled[i] < 1 {
			small = append(small, i)
		} else {
			large = append(large, i)
		}
	}
	table := make(alias, n)
	for i := range table {
		table[i].other = uint32(i) // what rounding leaves over keeps its own index
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		table[s] = aliasColumn{keep: uint32(scaled[s] * (1 << 32)), other: uint32(l)}
		scaled[l] -= 1 - scaled[s]
		if scaled[l] < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	return table
}

// Pick uses the high word of r·n as the column and the low word, which is
// independent of it for n far below 2⁶⁴, as the coin.
func (a alias) Pick(r *rand.Rand) int {
	column, coin := bits.Mul64(r.Uint64(), uint64(len(a)))
	c := a[column]
	if uint32(coin>>32) < c.keep {
		return int(column)
	}
	return int(c.other)
}

// tables shares one table between the operators of a run: a thousand operators
// on 100,000 records would otherwise hold a thousand times 800 kB.
var tables tableCache

type tableCache struct {
	mu    sync.Mutex
	key   tableKey
	table alias
}

type tableKey struct {
	pick    Pick
	records int
}

// get returns the table of the last call when it is the same, else a new one.
func (c *tableCache) get(p Pick, records int) alias {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := tableKey{pick: p, records: records}
	if c.key != key || c.table == nil {
		c.key, c.table = key, newAlias(p.Shares(records))
	}
	return c.table
}
