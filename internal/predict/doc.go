// Package predict says which conflict rate a correct server must show for a load, by formula, and by simulation where no
// formula reaches.
//
// A conflict rate says nothing unless the contention is known that it was measured under: a flawless server shows 4 %
// with a hundred records and 90 % when every operator takes the first one. So contention is declared (run.Spec), predicted
// before the run (Expect), and predicted once more from the windows that the run really had (Replay); only the
// difference between prediction and observation speaks about the server.
//
// A window is the time from the server reading the token that an attempt carries to the server deciding that attempt.
// Times in the model are seconds, rates are per second, shares and conflict rates are ratios 0–1.
package predict
