// Package contention says who picks which card when, and which conflict rate a
// correct server must show for it.
//
// A conflict rate says nothing unless one knows the contention it was measured
// under: a flawless server shows 4 % with a hundred cards and 90 % when
// everybody takes the first one. So contention is declared (Pick, Delay, Walk,
// Backoff), predicted before the run (Predict), and predicted once more from
// the windows the run really had (FromTrace); only the difference between
// prediction and observation speaks about the server.
//
// A window is the time from the server reading the version an attempt carries
// to the server deciding that attempt. Times in the model are seconds, rates
// are per second, shares and conflict rates are ratios 0–1.
package contention
