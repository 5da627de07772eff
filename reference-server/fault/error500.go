package fault

import "net/http"

var error500 = Fault{
	Name:     "error-500",
	Sentence: "an update is answered with 500 before anything is written",
	Rate:     0.05,
	answer: func(w http.ResponseWriter, _ *http.Request, _ *scene, _ http.Handler) {
		sendAnswer(w, http.StatusInternalServerError, `{"ok":false,"error":{"code":"internal_error","message":"the request could not be `+
			`carried out"}}`)
	},
}

// sendAnswer sends a complete answer.
func sendAnswer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// An error here means that the client's connection is gone: no answer can reach it.
	_, _ = w.Write([]byte(body))
}
