package validity

import "github.com/occbench/occbench/internal/stats"

// A thinned sample keeps all of the first million values and then every 16th,
// so that what it knows of an hour fits into memory.
type thinned struct {
	s     stats.Sample
	n     int
	worst int64
}

const (
	keepAll  = 1 << 20
	keepEach = 16
)

func (t *thinned) add(v int64) {
	if t.n < keepAll || t.n%keepEach == 0 {
		t.s.Add(v)
	}
	t.n++
	t.worst = max(t.worst, v)
}

// quantile is 0 without values.
func (t *thinned) quantile(q float64) int64 {
	if t.n == 0 {
		return 0
	}
	return stats.OrderStatistics([]int{stats.Rank(t.s.Len(), q)}, &t.s)[0]
}
