package rundir

// Browser says who sat in front of browsers beside the operators of the API.
// Each takes two operator numbers from FirstOperator on: the person, whose
// moves the page sent, and the rival who is there to be faster. Their
// operations are in the history and in none of the declared load's numbers.
type Browser struct {
	People        int    `json:"people"`
	FirstOperator int    `json:"first_operator"`
	Board         string `json:"board,omitempty"` // base URL of the page; absent: the target's own
}

// The screenshots of the first conflict, in ScreensFolder.
const (
	ScreenBefore = "before.png"
	ScreenToast  = "toast.png"
	ScreenAfter  = "after.png"
)

// ApartFrom is the operator number from which operations are none of the
// declared load's; 0: all are.
func (m *Manifest) ApartFrom() int32 {
	if m.Browser == nil {
		return 0
	}
	return int32(min(max(m.Browser.FirstOperator, 0), 1<<30))
}
