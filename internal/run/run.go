// Package run is the noun of occbench: what was declared of one load test.
//
// Spec is one struct, and Fields is its one table. Flags, environment variables,
// the settings file and its schema, the manual, k6's environment and options, the
// manifest, the command that repeats a run and the question whether two runs can
// be compared all come from a row of it, so a parameter cannot be known in one
// place and forgotten in another. No stage changes a Spec that it was given.
package run
