package check

// maxIslands bounds the pages that do not adjoin another one of their record. A
// correct server has none; one that answers random versions must not be able to
// fill the memory. 16,384 pages are 18 MiB.
const maxIslands = 1 << 14

// room counts the memory that implausible versions have taken.
type room struct {
	islands int
	scratch bounds
}

func newRoom() room { return room{scratch: blank} }

// island reports whether one more may be made.
func (r *room) island() bool {
	if r.islands >= maxIslands {
		return false
	}
	r.islands++
	return true
}

// spare returns bounds that are never read.
func (r *room) spare() *bounds {
	r.scratch = blank
	return &r.scratch
}
