package api

import ()

// What each kind of call has values for.
var (
	anyCall    = namesOf("date")
	listNames  = namesOf("date", "tag")
	readNames  = namesOf("id", "date", "tag")
	writeNames = namesOf("id", "token", "from", "to", "marker", "date", "tag")
	seedNames  = namesOf("id", "marker", "date", "tag", "n", "slot.start", "slot.end")
	dropNames  = namesOf("id", "token", "date", "tag")
)
