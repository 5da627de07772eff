package predict

// Observed holds the numbers of a simulated run; counts are of its measured window.
type Observed struct {
	Turns     int
	Attempts  int // updates, retries included, double updates not
	Applied   int
	Conflicts int
	Retries   int // attempts after the first of their turn
	Beaten    int // turns that met a conflict and did not get their record where they wanted it, although it could have been

	RecordAttempts  []int // by record
	RecordConflicts []int

	RanOutAt float64 // forward walk: seconds until no record was left to update; 0 when some were left
}

// ConflictRate is conflicts / attempts, 0 when there were none.
func (o Observed) ConflictRate() float64 { return divideOrZero(o.Conflicts, o.Attempts) }

func divideOrZero(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// add joins the counts of another run on the same records.
func (o *Observed) add(other Observed) {
	o.Turns += other.Turns
	o.Attempts += other.Attempts
	o.Applied += other.Applied
	o.Conflicts += other.Conflicts
	o.Retries += other.Retries
	o.Beaten += other.Beaten
	if o.RecordAttempts == nil {
		o.RecordAttempts = make([]int, len(other.RecordAttempts))
		o.RecordConflicts = make([]int, len(other.RecordAttempts))
	}
	for record := range other.RecordAttempts {
		o.RecordAttempts[record] += other.RecordAttempts[record]
		o.RecordConflicts[record] += other.RecordConflicts[record]
	}
}
