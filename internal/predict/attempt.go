package predict

// Attempt is one move of a run as its client's clock saw it, in seconds since
// any common base. The version it carries was read by the server at some
// moment of the read, and it was decided at some moment of the move.
type Attempt struct {
	Card               int
	ReadStart, ReadEnd float64
	MoveStart, MoveEnd float64
	Uncertain          bool // it is unknown whether it was applied; it can make others conflict but is not counted itself
	Uncounted          bool // decided like any other, but not counted itself: of the warm-up
}
