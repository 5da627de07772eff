package api

import ()

// What each kind of call has values for.
var (
	anyCall    = newNames("date")
	listNames  = newNames("date", "tag")
	readNames  = newNames("id", "date", "tag")
	writeNames = newNames("id", "token", "from", "to", "marker", "date", "tag")
	seedNames  = newNames("id", "marker", "date", "tag", "n", "slot.start", "slot.end")
	dropNames  = newNames("id", "token", "date", "tag")
)
