// Package run is the noun of occbench: what was declared of one load test, and
// the directory in which everything about it is kept.
//
// Spec is one struct, and Fields is its one table. Flags, environment variables,
// the settings file and its schema, the manual, k6's environment and options, the
// manifest, the command that repeats a run and the question whether two runs can
// be compared all come from a row of it, so a parameter cannot be known in one
// place and forgotten in another. No stage changes a Spec that it was given.
//
// Dir is the interface between the stages of the pipeline: a stage writes its own
// files and reads those of others, so any stage can be repeated on an old run.
// Files appear whole or not at all, and a file that is not what it should be is
// refused with its name and line, never repaired.
package run
