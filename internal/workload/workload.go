// Package workload holds the parts of which a load is declared: delays, picks of
// records, walks of a record, and backoffs. Each is read from a text and writes the
// same text back, and each draws from the randomness that it is given, so a load
// is repeated from its texts and a seed.
package workload
