package fault

import "net/http"

var dropReply = Fault{
	Name:     "drop-reply",
	Sentence: "an update is carried out and the connection closed instead of an answer",
	Rate:     0.05,
	answer: func(w http.ResponseWriter, r *http.Request, _ *scene, next http.Handler) {
		next.ServeHTTP(newHeld(w), r)
		panic(http.ErrAbortHandler) // how net/http is told to close the connection
	},
}
