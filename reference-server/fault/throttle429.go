package fault

import "net/http"

var throttle429 = Fault{
	Name:     "throttle-429",
	Sentence: "an update is refused with 429 and the body of AWS Lambda, which is not the API's envelope",
	Rate:     0.05,
	answer: func(w http.ResponseWriter, _ *http.Request, _ *scene, _ http.Handler) {
		sendAnswer(w, http.StatusTooManyRequests, `{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User",`+
			`"message":"Rate Exceeded."}`)
	},
}
