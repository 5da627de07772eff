package metricmath

import "math"

// TimeSeries is a list of points in order of time. A bucket without a value has
// no point.
type TimeSeries []point

type point struct {
	At    int64 // start of the bucket, seconds since 1970
	Value float64
}

// valueAt finds the value of a bucket.
func (ts TimeSeries) valueAt(at int64) (float64, bool) {
	lo, hi := 0, len(ts)
	for lo < hi {
		if mid := (lo + hi) / 2; ts[mid].At < at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(ts) && ts[lo].At == at {
		return ts[lo].Value, true
	}
	return 0, false
}

// operand is a value of metric math: one number, or a time series.
type operand struct {
	isScalar bool
	scalar   float64
	points   TimeSeries
}

// valueAt returns the operand's value for a bucket: a number has itself for each.
func (o operand) valueAt(at int64) (float64, bool) {
	if o.isScalar {
		return o.scalar, true
	}
	return o.points.valueAt(at)
}

// combineOperands applies f bucket by bucket where both have a value. What is not a
// number, such as a division by zero, is no point.
func combineOperands(a, b operand, f func(x, y float64) float64) operand {
	if a.isScalar && b.isScalar {
		return operand{isScalar: true, scalar: f(a.scalar, b.scalar)}
	}
	lead := a.points
	if a.isScalar {
		lead = b.points
	}
	var out TimeSeries
	for _, p := range lead {
		x, okX := a.valueAt(p.At)
		y, okY := b.valueAt(p.At)
		if okX && okY {
			out = out.append(p.At, f(x, y))
		}
	}
	return operand{points: out}
}

// append adds a point unless its value is not a number.
func (ts TimeSeries) append(at int64, value float64) TimeSeries {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return ts
	}
	return append(ts, point{at, value})
}
