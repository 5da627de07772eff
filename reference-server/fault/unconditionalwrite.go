package fault

import "net/http"

var unconditionalWrite = Fault{
	Name:     "unconditional-write",
	Sentence: "a PUT without If-Match is carried out, whatever the item is by then",
	Question: "no_token",
	Rate:     1,
	lacks:    inShop,
	answer: func(w http.ResponseWriter, r *http.Request, _ *scene, next http.Handler) {
		if len(r.Header.Values("If-Match")) == 0 {
			r.Header.Set("If-Match", "*")
		}
		next.ServeHTTP(w, r)
	},
}
