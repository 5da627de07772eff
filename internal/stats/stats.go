// Package stats produces intervals for rates and quantiles, and says how many
// more samples would decide a gate.
//
// Its opinion: an estimate without an interval is not evidence, and an interval
// must hold for five samples as it does for five million. So every bound is
// exact (Clopper–Pearson, binomial order statistics) and none rests on the
// normal approximation, which calls "0 errors of 5" an error rate of exactly 0.
//
// All bounds are one-sided: Upper and Lower at confidence 0.95 each hold with
// 95 %, both together with at least 90 %.
package stats

// Enough is the default one-sided confidence of every bound.
const Enough = 0.95

// isUsable reports whether a confidence lies between 0 and 1.
func isUsable(confidence float64) bool { return confidence > 0 && confidence < 1 }
