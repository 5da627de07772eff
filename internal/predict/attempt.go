package predict

// Attempt is one update of a run as its client's clock saw it, in seconds since
// any common base. The version it carries was read by the server at some
// moment of the read, and it was decided at some moment of the update.
type Attempt struct {
	Record                 int
	ReadStart, ReadEnd     float64
	UpdateStart, UpdateEnd float64
	Uncertain              bool // it is unknown whether it was applied; it can make others conflict but is not counted itself
	Uncounted              bool // decided like any other, but not counted itself: of the warm-up
}
