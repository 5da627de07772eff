package fault

import "time"

// window is a stretch of time since the server's start; the zero one is all of
// it.
type window struct{ start, length time.Duration }

func (w window) holds(age time.Duration) bool {
	return w == window{} || age >= w.start && age < w.start+w.length
}
