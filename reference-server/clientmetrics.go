package refserver

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/go-faster/jx"
	"github.com/prometheus/client_golang/prometheus"
)

var clientOutcomes = []string{"moved", "conflict", "error", "unknown"}

// Limits on a report of a board. It comes from a browser, which is not trusted.
const (
	maxClientMoves = 100
	maxClientMS    = 600_000
	maxOperator    = 1_000_000
)

// newClientHistogram is in milliseconds, as the boards measure. The operator is
// no label: every value of one would be a series that is kept for ever.
func newClientHistogram() *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "move_ms", Help: "Time of a move as boards in browsers measured it, in milliseconds, by outcome.",
		Buckets: []float64{5, 10, 25, 50, 100, 200, 300, 400, 500, 1000, 2000, 5000, 10000},
	}, []string{"outcome"})
}

// answerClientMetrics takes {"operator": 3, "moves": [{"outcome": "moved", "move_ms": 12.5}]}.
// A report with one wrong number counts for nothing at all.
func (a *api) answerClientMetrics(w http.ResponseWriter, r *http.Request) {
	var moves []ClientMove
	var operator int64
	if !readMembers(w, r, []member{
		{name: "operator", optional: true, read: readInteger(&operator, 0, maxOperator)},
		{name: "moves", read: readClientMoves(&moves)},
	}) {
		return
	}
	for _, m := range moves {
		a.clientMS.WithLabelValues(m.Outcome).Observe(float64(m.Took) / float64(time.Millisecond))
		if a.opts.ObserveClient != nil {
			m.Operator = operator
			a.opts.ObserveClient(m)
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

var errBadMove = errors.New("a move is refused")

func readClientMoves(into *[]ClientMove) func(*jx.Decoder) string {
	return func(d *jx.Decoder) string {
		if d.Next() != jx.Array {
			return "must be an array of moves"
		}
		complaint := ""
		err := d.Arr(func(d *jx.Decoder) error {
			var m ClientMove
			if len(*into) == maxClientMoves {
				complaint = fmt.Sprintf("must be at most %d moves", maxClientMoves)
			} else {
				complaint = readClientMove(d, &m)
			}
			if complaint != "" {
				return errBadMove
			}
			*into = append(*into, m)
			return nil
		})
		switch {
		case complaint != "":
			return complaint
		case err != nil:
			return "must be an array of moves"
		}
		return ""
	}
}

// readClientMove reads one move and returns what is wrong with it.
func readClientMove(d *jx.Decoder, m *ClientMove) string {
	ms := -1.0
	if d.Next() != jx.Object {
		return "holds an entry that is no object"
	}
	err := d.Obj(func(d *jx.Decoder, key string) (err error) {
		switch {
		case key == "outcome" && d.Next() == jx.String:
			m.Outcome, err = d.Str()
		case key == "move_ms" && d.Next() == jx.Number:
			ms, err = d.Float64()
		default:
			err = d.Skip()
		}
		return err
	})
	switch {
	case err != nil || !slices.Contains(clientOutcomes, m.Outcome):
		return "holds an entry without an outcome: moved, conflict, error or unknown"
	case !(ms >= 0 && ms <= maxClientMS):
		return fmt.Sprintf("holds an entry without a move_ms from 0 to %d", maxClientMS)
	}
	m.Took = time.Duration(ms * float64(time.Millisecond))
	return ""
}
