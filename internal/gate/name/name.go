// Package name holds the names of the gates that packages below the gates speak
// of: what a load can decide, and what a slow generator spoils. All others stand
// in their gate's own file.
package name

// The names, as they stand in files, on command lines and in metrics.
const (
	ErrorRate    = "error_rate"
	P95          = "p95_ms"
	ConflictRate = "conflict_rate"
	Recovery     = "recovery"
)
