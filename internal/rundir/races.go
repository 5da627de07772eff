package rundir

// Races are what a crew of operators plays beside the load, on records that the
// load leaves alone: each race is one attempt of every operator of the crew, with
// one version, at one instant. Their operations are in the history, with the flag
// r, and in none of the declared load's numbers.
type Races struct {
	RatePerSecond float64 `json:"rate_per_second"` // as declared or, where Auto, as foreseen
	Auto          bool    `json:"auto,omitempty"`  // the rate follows from the attempts that the load really makes
	Crew          int     `json:"crew"`            // operators of a race
	FirstOperator int     `json:"first_operator"`  // number of the first of them
	Records       int     `json:"records"`         // reserved for races, beside the cards of the load
}
